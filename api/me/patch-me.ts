import { route } from "../http/route.ts";
import { Profile, reviseProfile } from "../users/revise-profile.ts";
import { UserAnswer } from "../users/user-view.ts";

export const patchMe = route({
  method: "PATCH",
  path: "/v1/me",
  summary: "Revise one's own profile",
  auth: "session",
  body: Profile,
  responses: { 200: { description: "The user as they are now", schema: UserAnswer } },
  handler: (call) => reviseProfile(call, call.caller.userId),
});
