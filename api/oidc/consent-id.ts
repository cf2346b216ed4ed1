import { derivedId } from "../http/derived-id.ts";

/** The stream and the row of what one person lets one application do. */
export function consentId(userId: string, clientId: string): string {
  return derivedId(`consent/${userId}/${clientId}`);
}
