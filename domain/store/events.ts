/** Facts about one authorization store. Stored for ever: never rename or re-mean, only add. */
export type StoreEvent = { readonly type: "StoreCreated"; readonly name: string };
