import { test } from "vitest";
import { store } from "../../domain/store/mod.ts";
import { given } from "../support/given.ts";

const created = { type: "StoreCreated", name: "Documents" } as const;
const create = (name: string) => ({ type: "CreateStore", name }) as const;

test("CreateStore creates it once", () => {
  given(store).when(create("Documents")).then("created", created);
  given(store, created).when(create("Documents")).then("created");
  given(store, created).when(create("Bills")).then("already_exists");
});

test.each(["", "a\u0000b", "\ud800", "n".repeat(129)])(
  "CreateStore refuses the name %j",
  (name) => {
    given(store).when(create(name)).then("invalid_name");
  },
);
