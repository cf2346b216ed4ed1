import { memoryServices } from "./memory-services.ts";
import { openidSuite } from "./openid-suite.ts";

openidSuite("memory", memoryServices);
