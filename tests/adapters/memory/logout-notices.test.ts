import { layer } from "../../../adapters/memory/logout-notices.ts";
import { logoutNoticesContract } from "../../contracts/logout-notices.contract.ts";

logoutNoticesContract("memory", () => layer);
