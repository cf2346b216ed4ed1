import { randomFillSync } from "node:crypto";

/** One call to the generator costs as much for 4 KiB as for 16 bytes. */
const POOL_BYTES = 4096;

const pool = new Uint8Array(POOL_BYTES);
let used = POOL_BYTES;

/** Random bytes, drawn in bulk; none is handed out twice and what was handed out is cleared. */
export function randomPooled(length: number): Uint8Array {
  if (used + length > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.slice(used, used + length);
  pool.fill(0, used, used + length);
  used += length;
  return bytes;
}
