import { type ClientMetadata, DEFAULTS } from "../../domain/client/mod.ts";

/** What an application with a server of its own is registered as, where nothing more is said. */
export const web: ClientMetadata = {
  ...DEFAULTS.web,
  name: "Shop",
  redirectUris: ["https://shop.example.com/callback"],
  postLogoutRedirectUris: [],
  previewRedirectUris: [],
  origins: [],
  scopes: [],
  skipConsent: false,
  accessPolicy: "all",
  lifetimes: {},
};
