import { memoryServices } from "./memory-services.ts";
import { apiSuite } from "./suite.ts";

apiSuite("memory", memoryServices);
