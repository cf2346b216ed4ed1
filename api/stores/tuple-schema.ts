import { z } from "zod";
import { OBJECT, RELATION_NAME, SUBJECT } from "../../domain/tuples/mod.ts";

/** Tuple ids stay in the log for ever, so what looks like an e-mail address is not let in. */
const EMAIL_SHAPED = /[^\s@]@[^\s@]+\.[^\s@]/u;

const opaque = (value: string) => !EMAIL_SHAPED.test(value.normalize("NFKC"));

export const TupleObject = z.string().max(512).regex(OBJECT).refine(opaque);
export const TupleRelation = z.string().max(50).regex(RELATION_NAME);
export const TupleSubject = z.string().max(600).regex(SUBJECT).refine(opaque);

export const TupleSchema = z
  .strictObject({ object: TupleObject, relation: TupleRelation, subject: TupleSubject })
  .meta({ title: "Tuple" });
