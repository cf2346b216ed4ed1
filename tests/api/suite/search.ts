import { beforeAll, expect, test } from "vitest";
import type { Stage } from "../suite.ts";
import { PASSWORD } from "../world.ts";

type Somebody = { readonly id: string; readonly cookie: string };

export function searchTests({ here }: Stage): void {
  let architect: Somebody;
  let admin: Somebody;
  beforeAll(async () => {
    architect = await here().architect();
    admin = await here().withRole("admin", architect);
  });
  const signUp = async (email: string, name: string) => {
    const body = { email, password: PASSWORD, name };
    const heard = await here().ask("POST", "/v1/sign-up", { body });
    expect(heard.status).toBe(201);
    return { id: String(heard.json.user.id), cookie: String(heard.cookie), at: heard.position };
  };
  const search = (q: string, rest = "", cookie = admin.cookie) =>
    here().ask("GET", `/v1/users?q=${encodeURIComponent(q)}${rest}`, { cookie });
  const found = async (q: string, at: number, rest = "") => {
    const heard = await search(q, `&at_least=${at}${rest}`);
    expect(heard.status).toBe(200);
    return heard.json.items.map(({ id }: Somebody) => id);
  };

  test("people are found by the beginnings of words, however they are spelt", async () => {
    const jose = await signUp("jose.garcia@search-one.example", "José García");
    for (const q of ["jose", "GARC jos", "josé", "search-one", "jose.garcia@search-one.example"]) {
      expect(await found(q, jose.at), q).toEqual([jose.id]);
    }
    expect(await found(jose.id, jose.at)).toEqual([jose.id]);
    expect(await found("jose bob", jose.at)).toEqual([]);
    expect(await found("osé", jose.at)).toEqual([]);
    expect(await found("garcia@search-one.example", jose.at)).toEqual([]);
  });

  test("what a person is called now is what finds them", async () => {
    const person = await signUp("renamed@search-two.example", "Wilhelmina Before");
    const { cookie } = person;
    const after = await here().ask("PATCH", "/v1/me", { cookie, body: { name: "Rosalind After" } });
    expect(await found("wilhelmina", after.position)).toEqual([]);
    expect(await found("rosalind", after.position)).toEqual([person.id]);
    const cleared = await here().ask("PATCH", "/v1/me", { cookie, body: { name: null } });
    expect(await found("rosalind", cleared.position)).toEqual([]);
    expect(await found("renamed", cleared.position)).toEqual([person.id]);
  });

  test("role and status narrow what is found, and pages lead on", async () => {
    const people: Array<{ readonly id: string; readonly at: number }> = [];
    for (let n = 0; n < 5; n++) {
      people.push(await signUp(`cohort-${n}@search-three.example`, `Zebulon ${n}`));
    }
    const path = `/v1/users/${people[3]?.id}`;
    await here().ask("POST", `${path}/roles/buyer`, { cookie: admin.cookie });
    const { position } = await here().ask("POST", `${path}/block`, {
      cookie: admin.cookie,
      body: {},
    });
    expect(await found("zebulon", position, "&role=buyer")).toEqual([people[3]?.id]);
    expect(await found("zebulon", position, "&status=blocked")).toEqual([people[3]?.id]);
    expect(await found("zebulon", position, "&role=manager")).toEqual([]);
    const walked: Array<string> = [];
    let cursor = "";
    do {
      const page = await search("zebu", `&limit=2${cursor && `&cursor=${cursor}`}`);
      walked.push(...page.json.items.map(({ id }: Somebody) => id));
      cursor = page.json.nextCursor ?? "";
    } while (cursor !== "");
    expect(walked).toEqual(people.map(({ id }) => id));
  });

  test("the erased are found by nothing, from the answer on", async () => {
    const gone = await signUp("evanescent@search-four.example", "Evanescent Person");
    expect(await found("evanescent", gone.at)).toEqual([gone.id]);
    const heard = await here().ask("DELETE", "/v1/me", { cookie: gone.cookie });
    expect(heard.status).toBe(204);
    expect((await search("evanescent")).json.items).toEqual([]);
    expect(await found("evanescent", heard.position)).toEqual([]);
  });

  test.each(["a", "%20", "-", "one two three four five six seven eight nine", "x".repeat(201)])(
    "a query that looks for nothing is refused: %s",
    async (q) => {
      const heard = await here().ask("GET", `/v1/users?q=${q}`, { cookie: admin.cookie });
      expect([heard.status, heard.json.code, heard.json.field]).toEqual([
        400,
        "invalid_field",
        "q",
      ]);
    },
  );

  test("a search of the past is refused; so is a position past the head", async () => {
    const past = await search("jose", "&as_of=1", architect.cookie);
    expect([past.status, past.json.field]).toEqual([400, "as_of"]);
    expect((await search("jose", "&at_least=99999999")).json.code).toBe("past_head");
    const ofList = Buffer.from(JSON.stringify(["2026-11-28", "a"])).toString("base64url");
    for (const cursor of ["garbage", ofList]) {
      expect((await search("jose", `&cursor=${cursor}`)).json.field).toBe("cursor");
    }
    expect((await search("jose", "", (await here().person()).cookie)).status).toBe(403);
  });
}
