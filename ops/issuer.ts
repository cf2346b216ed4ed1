import type { Config } from "./config.ts";
import { type UsageError, usageError } from "./usage-error.ts";

/**
 * Refuses a ledger of another issuer: tokens and cookies name the issuer for ever. A default
 * localhost address may change its port freely.
 */
export const checkIssuer = (
  config: Pick<Config, "url" | "defaultUrl">,
  founded: string | undefined,
): UsageError | undefined => {
  if (founded === undefined || founded === config.url) return undefined;
  if (config.defaultUrl && new URL(founded).hostname === "localhost") return undefined;
  return usageError(
    `Cannot serve ${config.url}: this ledger belongs to ${founded}; ` +
      `set AUTHLEDGER_URL=${founded}, or move it with \`serve --adopt-url\``,
  );
};
