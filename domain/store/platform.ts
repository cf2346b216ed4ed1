/**
 * The store of tuples about the platform's own objects: applications today, and what the platform's
 * permission model gates later. Its id is the same in every ledger, so that whoever writes tuples
 * about it needs to look nothing up.
 */
export const PLATFORM_STORE = "a11d1ed9-0000-4000-8000-000000000001";
/** What it is called in lists. */
export const PLATFORM_STORE_NAME = "platform";
