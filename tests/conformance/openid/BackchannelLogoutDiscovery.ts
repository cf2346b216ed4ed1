import { expect } from "vitest";
import { metadataOf } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * Discovery says that clients are told of an end, and by which session.
 *
 * Source: Back-Channel Logout 1.0, section 2.1.
 */
export const BackchannelLogoutDiscovery: Module = async (op) => {
  expect(await metadataOf(op)).toMatchObject({
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  });
};
