import type { CheckedUser, Note } from "./checked-user.ts";
import type { Imported } from "./import-user.ts";

/** What an import came to; counts only. */
export type Tally = {
  users: number;
  imported: number;
  already: number;
  refused: number;
  accounts: number;
  passwords: number;
  blocked: number;
  mapped: number;
  readonly roles: Record<string, number>;
  readonly reasons: Record<string, number>;
  readonly notes: Partial<Record<Note, number>>;
};

export const emptyTally = (): Tally => ({
  users: 0,
  imported: 0,
  already: 0,
  refused: 0,
  accounts: 0,
  passwords: 0,
  blocked: 0,
  mapped: 0,
  roles: {},
  reasons: {},
  notes: {},
});

/** Counts somebody who was looked at, and answers why they were refused, if they were. */
export function count(
  tally: Tally,
  person: CheckedUser,
  { outcome, ...more }: Imported,
): string | undefined {
  for (const note of new Set(person.notes)) tally.notes[note] = (tally.notes[note] ?? 0) + 1;
  switch (outcome) {
    case "already":
      tally.already += 1;
      return undefined;
    case "imported":
      tally.imported += 1;
      tally.accounts += person.accounts.length;
      tally.passwords += person.password === undefined ? 0 : 1;
      tally.blocked += person.block === undefined ? 0 : 1;
      for (const role of person.roles) tally.roles[role] = (tally.roles[role] ?? 0) + 1;
      return undefined;
    case "taken":
      return "taken" in more ? `${more.taken}_taken` : "taken";
    default:
      return outcome satisfies never;
  }
}

export function refuse(tally: Tally, reason: string): void {
  tally.refused += 1;
  tally.reasons[reason] = (tally.reasons[reason] ?? 0) + 1;
}

/** For people: what came, what stayed behind. */
export function linesOf(tally: Tally, seconds: number, dryRun: boolean): ReadonlyArray<string> {
  const { users, imported, already, refused, accounts, passwords, blocked } = tally;
  const rate = Math.round(users / Math.max(seconds, 0.001)).toLocaleString("en");
  const counted = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([name, number]) => `${name} ${number}`);
  const became = dryRun ? "would be imported" : "imported";
  const told = [
    `${users} users read in ${seconds.toFixed(1)} s (${rate}/s)`,
    `${imported} ${became}, ${already} were there, ${refused} refused`,
    `${passwords} passwords, ${accounts} accounts at providers, ${blocked} blocked`,
    ["roles:", ...counted(tally.roles)].join(" "),
  ];
  if (refused > 0) told.push(["refused:", ...counted(tally.reasons)].join(" "));
  const notes = counted(tally.notes as Readonly<Record<string, number>>);
  if (notes.length > 0) told.push(["left out:", ...notes].join(" "));
  return told;
}
