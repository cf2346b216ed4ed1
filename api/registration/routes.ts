import type { Route } from "../http/route.ts";
import { readSelf, removeSelf, reviseSelf } from "./manage.ts";
import { selfRegister } from "./register.ts";

/** Routes of a protocol that has its own rules and shapes; the API's document leaves them out. */
export const registrationRoutes: ReadonlyArray<Route> = [
  selfRegister,
  readSelf,
  reviseSelf,
  removeSelf,
];
