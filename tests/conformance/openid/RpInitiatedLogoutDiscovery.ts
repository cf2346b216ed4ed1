import { expect } from "vitest";
import { metadataOf } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** Discovery says where to sign out. Source: RP-Initiated Logout 1.0, section 2.1. */
export const RpInitiatedLogoutDiscovery: Module = async (op) => {
  const told = await metadataOf(op);
  expect(told.end_session_endpoint).toBe(`${op.url}/oauth2/logout`);
};
