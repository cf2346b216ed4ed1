import { layer as stamps } from "../../../adapters/memory/stamps.ts";
import { stampsContract } from "../../contracts/stamps.contract.ts";

stampsContract("memory", () => stamps);
