/** A fenced block of a document: ```` ```sh run ```` has language `sh` and is marked to be run. */
export type Block = {
  readonly language: string;
  readonly run: boolean;
  readonly text: string;
  /** Of its first fence, from 1. */
  readonly line: number;
};

/** Every fenced block, in order. */
export function blocksOf(markdown: string): ReadonlyArray<Block> {
  return [...markdown.matchAll(/^```(\w+)?( run)?\n([\s\S]*?)^```$/gm)].map((found) => ({
    language: found[1] ?? "",
    run: found[2] !== undefined,
    text: found[3] ?? "",
    line: markdown.slice(0, found.index).split("\n").length,
  }));
}

/** What is marked to be run, and the block right after it: what it prints. None: it is silent. */
export function examplesOf(
  blocks: ReadonlyArray<Block>,
  language: string,
): ReadonlyArray<{ readonly command: Block; readonly shown: Block | undefined }> {
  return blocks.flatMap((command, at) => {
    if (!command.run || command.language !== language) return [];
    const next = blocks[at + 1];
    const shown = next?.language === "json" || next?.language === "text" ? next : undefined;
    return [{ command, shown }];
  });
}

/** The rows of the table whose first column has this heading, cells without their white space. */
export function tableOf(markdown: string, heading: string): ReadonlyArray<ReadonlyArray<string>> {
  const lines = markdown.split("\n");
  const head = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  if (head < 0) return [];
  const after = lines.slice(head + 2);
  const end = after.findIndex((line) => !line.startsWith("|"));
  return after.slice(0, end < 0 ? after.length : end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
