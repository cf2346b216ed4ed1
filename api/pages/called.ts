import type { Personal, UserView } from "../users/user-view.ts";

/** What to call somebody: by name, else by address, else by the beginning of their id. */
export function calledOf(user: Pick<UserView, "id" | "name" | "email">): string {
  const username = "username" in user ? (user.username as Personal | undefined) : undefined;
  const known = [user.name, username, user.email].find((value) => typeof value === "string");
  return typeof known === "string" ? known : user.id.slice(0, 8);
}
