import * as Layer from "effect/Layer";
import { layer as guestBook } from "../../../adapters/memory/guest-book.ts";
import { guestBookContract } from "../../contracts/guest-book.contract.ts";

guestBookContract("memory", () => Layer.fresh(guestBook));
