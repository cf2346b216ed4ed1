import type { Decider } from "../decider.ts";
import { ACCESS_RELATIONS, type AccessRelation, accessTuple, clientObject } from "./access.ts";
import { CLIENT_ID } from "./client-id.ts";
import {
  type ClientCommand,
  type ClientOutcome,
  decide,
  type IssuedSecret,
  SECRETS_MAX,
} from "./decide.ts";
import type { ClientEvent } from "./events.ts";
import { type Client, evolve, initial } from "./evolve.ts";
import {
  ACCESS_POLICIES,
  AUTH_METHODS,
  CLIENT_TYPES,
  type ClientMetadata,
  type ClientType,
  DEFAULTS,
  GRANT_TYPES,
  type MetadataChanges,
} from "./metadata.ts";
import { matchesRedirectUri } from "./redirect-uri.ts";
import { API_SCOPES, type ApiScope } from "./scopes.ts";
import { ACCESS_TOKEN_SECONDS_MAX, GRANTS, LIFETIME_SECONDS } from "./validate.ts";

export type {
  AccessRelation,
  ApiScope,
  Client,
  ClientCommand,
  ClientEvent,
  ClientMetadata,
  ClientOutcome,
  ClientType,
  IssuedSecret,
  MetadataChanges,
};
export {
  ACCESS_POLICIES,
  ACCESS_RELATIONS,
  ACCESS_TOKEN_SECONDS_MAX,
  API_SCOPES,
  AUTH_METHODS,
  accessTuple,
  CLIENT_ID,
  CLIENT_TYPES,
  clientObject,
  DEFAULTS,
  GRANT_TYPES,
  GRANTS,
  LIFETIME_SECONDS,
  matchesRedirectUri,
  SECRETS_MAX,
};

/** One application that asks for tokens. */
export const client: Decider<Client, ClientCommand, ClientEvent, ClientOutcome> = {
  category: "client",
  initial,
  evolve,
  decide,
};
