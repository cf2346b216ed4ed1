import { z } from "zod";
import { Id } from "../http/schemas.ts";

export const StoreView = z
  .strictObject({ id: Id, name: z.string(), createdAt: z.iso.datetime() })
  .meta({ title: "Store" });
