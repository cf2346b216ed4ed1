/** What a client may do at our own API, by what an architect gave it. */
export const API_SCOPES = [
  "users:read",
  "users:write",
  "users:create",
  "roles:write",
  "sessions:write",
  "clients:write",
  "keys:write",
  "authz:read",
  "authz:write",
  "authz:history",
  "webhooks:write",
  "pipelines:write",
  "ledger:read",
  "ledger:read:personal",
] as const;
export type ApiScope = (typeof API_SCOPES)[number];
