import { layer as userSearch } from "../../../adapters/memory/user-search.ts";
import { userSearchContract } from "../../contracts/user-search.contract.ts";

userSearchContract("memory", () => userSearch);
