import { describe, expect, test } from "vitest";
import {
  type Admission,
  type Arrival,
  decideArrival,
  type ToldEmail,
  type Visitor,
} from "../../domain/arrival/decide-arrival.ts";

const nobody: Visitor = { kind: "nobody" };
const guest: Visitor = { kind: "guest", userId: "guest" };
const ada: Visitor = { kind: "user", userId: "ada" };

/** What the provider tells of the address, and whose it is here. */
const told = {
  none: undefined,
  "unknown, unvouched": { vouched: false },
  "unknown, vouched": { vouched: true },
  "ada's unproved, unvouched": { vouched: false, owner: { userId: "ada", verified: false } },
  "ada's unproved, vouched": { vouched: true, owner: { userId: "ada", verified: false } },
  "ada's proved, unvouched": { vouched: false, owner: { userId: "ada", verified: true } },
  "ada's proved, vouched": { vouched: true, owner: { userId: "ada", verified: true } },
  "bob's unproved, vouched": { vouched: true, owner: { userId: "bob", verified: false } },
  "bob's proved, unvouched": { vouched: false, owner: { userId: "bob", verified: true } },
  "bob's proved, vouched": { vouched: true, owner: { userId: "bob", verified: true } },
} satisfies Record<string, ToldEmail | undefined>;
type Told = keyof typeof told;

const comesIn = (userId: string): Admission => ({ type: "come-in", userId, proves: false });
const proves = (userId: string): Admission => ({ type: "come-in", userId, proves: true });
const links = (userId: string): Admission => ({ type: "link", userId, proves: false });
const linksAndProves: Admission = { type: "link", userId: "ada", proves: true };
const signsUp: Admission = { type: "sign-up", email: false };
const withEmail: Admission = { type: "sign-up", email: true };
const promotes: Admission = { type: "sign-up", guest: "guest", email: false };
const promotesWithEmail: Admission = { type: "sign-up", guest: "guest", email: true };
const no = (reason: Extract<Admission, { readonly type: "refused" }>["reason"]): Admission => ({
  type: "refused",
  reason,
});
const taken = no("email_taken");
const in_ = no("already_signed_in");

/** The account is nobody's: who comes, by what is told of the address. */
const unknown: Record<Told, readonly [Admission, Admission, Admission]> = {
  // told:                        nobody       guest              signed in as ada
  none: [signsUp, promotes, in_],
  "unknown, unvouched": [signsUp, promotes, in_],
  "unknown, vouched": [withEmail, promotesWithEmail, in_],
  "ada's unproved, unvouched": [taken, taken, taken],
  "ada's unproved, vouched": [taken, taken, taken],
  "ada's proved, unvouched": [taken, taken, taken],
  "ada's proved, vouched": [links("ada"), links("ada"), links("ada")],
  "bob's unproved, vouched": [taken, taken, taken],
  "bob's proved, unvouched": [taken, taken, taken],
  "bob's proved, vouched": [links("bob"), links("bob"), links("bob")],
};

const arrival = (given: Partial<Arrival>, email: Told): Arrival => ({
  errand: "sign-in",
  visitor: nobody,
  signUp: "open",
  ...given,
  ...(told[email] === undefined ? {} : { email: told[email] }),
});

describe("signing in with an account that nobody has", () => {
  for (const [email, [forNobody, forGuest, forAda]] of Object.entries(unknown)) {
    test.each([
      ["nobody", nobody, forNobody],
      ["a guest", guest, forGuest],
      ["Ada", ada, forAda],
    ] as const)(`e-mail ${email}: %s`, (_, visitor, wanted) => {
      expect(decideArrival(arrival({ visitor }, email as Told))).toStrictEqual(wanted);
    });
  }

  test.each(["invited", "closed"] as const)("sign-up is %s: only whom one knows", (signUp) => {
    for (const [email, [forNobody, forGuest]] of Object.entries(unknown)) {
      const of = (visitor: Visitor) => decideArrival(arrival({ visitor, signUp }, email as Told));
      const but = (open: Admission) => (open.type === "sign-up" ? no("signup_closed") : open);
      expect(of(nobody)).toStrictEqual(but(forNobody));
      expect(of(guest)).toStrictEqual(but(forGuest));
    }
  });
});

describe("signing in with an account that is somebody's", () => {
  const emails = Object.keys(told) as ReadonlyArray<Told>;

  test.each(emails)("e-mail %s: they come in as who they are, whoever looks", (email) => {
    const wanted = email === "ada's unproved, vouched" ? proves("ada") : comesIn("ada");
    for (const visitor of [nobody, guest, ada, { kind: "user", userId: "bob" } as const]) {
      for (const signUp of ["open", "invited", "closed"] as const) {
        const given = { owner: "ada", visitor, signUp };
        expect(decideArrival(arrival(given, email))).toStrictEqual(wanted);
      }
    }
  });
});

describe("linking", () => {
  const link = (given: Partial<Arrival>, email: Told) =>
    decideArrival(arrival({ errand: "link", visitor: ada, signUp: "closed", ...given }, email));

  test("an account that nobody has becomes theirs, whatever address it tells", () => {
    for (const email of Object.keys(told) as ReadonlyArray<Told>) {
      const wanted = email === "ada's unproved, vouched" ? linksAndProves : links("ada");
      expect(link({}, email)).toStrictEqual(wanted);
    }
  });

  test("their own stays theirs; somebody else's stays somebody else's", () => {
    expect(link({ owner: "ada" }, "none")).toStrictEqual(comesIn("ada"));
    expect(link({ owner: "ada" }, "ada's unproved, vouched")).toStrictEqual(proves("ada"));
    expect(link({ owner: "bob" }, "ada's proved, vouched")).toStrictEqual(no("account_taken"));
  });

  test("whoever is not signed in any more links nothing, nor does a guest", () => {
    for (const visitor of [nobody, guest]) {
      for (const owner of [undefined, "ada"]) {
        const given = owner === undefined ? { visitor } : { visitor, owner };
        expect(link(given, "ada's proved, vouched")).toStrictEqual(no("sign_in_first"));
      }
    }
  });
});

describe("setting up", () => {
  const setUp = (given: Partial<Arrival>, email: Told = "unknown, vouched") =>
    decideArrival(arrival({ errand: "set-up", signUp: "closed", ...given }, email));

  test("whoever has the token is somebody, also where sign-up is closed", () => {
    expect(setUp({})).toStrictEqual(withEmail);
    expect(setUp({}, "none")).toStrictEqual(signsUp);
    expect(setUp({ visitor: guest })).toStrictEqual(promotesWithEmail);
    expect(setUp({ visitor: ada })).toStrictEqual(links("ada"));
    expect(setUp({ owner: "bob" })).toStrictEqual(comesIn("bob"));
    expect(setUp({}, "bob's proved, vouched")).toStrictEqual(links("bob"));
  });

  test("and nobody whose address they only claim", () => {
    expect(setUp({}, "bob's proved, unvouched")).toStrictEqual(taken);
    expect(setUp({}, "bob's unproved, vouched")).toStrictEqual(taken);
  });
});
