/** What JSON can say. */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | JsonObject;
export type JsonObject = { readonly [member: string]: Json | undefined };
