import { layer as leases } from "../../../adapters/memory/leases.ts";
import { leasesContract } from "../../contracts/leases.contract.ts";

leasesContract("memory", () => leases);
