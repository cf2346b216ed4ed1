import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A filesystem of its own that can be filled. */
export type SmallDisk = {
  readonly folder: string;
  /** Takes what is left, to the last byte. */
  readonly fill: () => void;
  /** Gives back what `fill` took. */
  readonly free: () => void;
  readonly remove: () => void;
};

const CHUNKS = [1 << 20, 1 << 12, 1];

/** In memory; only root may mount one. */
export const smallDisk = (mebibytes: number): SmallDisk => {
  const folder = mkdtempSync(join(tmpdir(), "authledger-small-"));
  const options = ["-t", "tmpfs", "-o", `size=${mebibytes}m,mode=0755`, "authledger", folder];
  execFileSync("mount", options, { stdio: "pipe" });
  const filler = join(folder, "filler");
  return {
    folder,
    fill: () => {
      const file = openSync(filler, "a");
      for (const size of CHUNKS) while (wrote(file, Buffer.alloc(size)));
      closeSync(file);
    },
    free: () => rmSync(filler, { force: true }),
    remove: () => {
      // Lazily: whoever still has a file open there was killed and will let go.
      execFileSync("umount", ["-l", folder], { stdio: "pipe" });
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const wrote = (file: number, bytes: Buffer): boolean => {
  try {
    return writeSync(file, bytes) > 0;
  } catch {
    return false;
  }
};

/** Options of a test that fills a disk, with the reason of its skip. */
export const onSmallDisk = {
  skip: !((): boolean => {
    try {
      smallDisk(1).remove();
      return true;
    } catch {
      return false;
    }
  })(),
  meta: { skipped: "no file system may be mounted here" },
};
