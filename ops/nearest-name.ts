/** A name further away than this share of its length is another word, not a slip of the finger. */
const DISTANCE_SHARE_MAX = 0.4;

/** The known name that takes the fewest edits, if any is near enough to be what was meant. */
export const nearestName = (name: string, known: ReadonlyArray<string>): string | undefined => {
  let nearest: string | undefined;
  let least = Math.floor(name.length * DISTANCE_SHARE_MAX) + 1;
  for (const candidate of known) {
    const distance = editDistance(name, candidate);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
};

/** Levenshtein distance, two swapped letters being one edit; one row of the table at a time. */
const editDistance = (from: string, to: string): number => {
  let before: ReadonlyArray<number> = [];
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let index = 0; index < from.length; index++) {
    const next = [index + 1];
    for (let column = 0; column < to.length; column++) {
      const replaced = (row[column] ?? 0) + (from[index] === to[column] ? 0 : 1);
      const shorter = Math.min((row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1);
      const crossed = from[index] === to[column - 1] && from[index - 1] === to[column];
      const swapped = crossed ? (before[column - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replaced, shorter, swapped));
    }
    before = row;
    row = next;
  }
  return row[to.length] ?? 0;
};
