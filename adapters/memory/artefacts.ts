import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { artefactDigest } from "../crypto/artefact.ts";
import { type Artefact, type ArtefactKind, Artefacts, type Keeping } from "../ports/artefacts.ts";
import { Keyring } from "../ports/keyring.ts";

type Kept = Keeping & { consumedAtMs: number | undefined };

/** Artefacts in a `Map`. */
export const layer: Layer.Layer<Artefacts, never, Keyring> = Layer.effect(
  Artefacts,
  Effect.map(Keyring, (keyring) => {
    const rows = new Map<string, Kept>();
    const seen = new Map<string, number>();
    const place = (kind: ArtefactKind, id: string) =>
      `${kind}\0${artefactDigest(keyring, kind, id)}`;
    const sources = new WeakMap<Artefact, Kept>();
    const shown = (kept: Kept | undefined, nowMs: number): Artefact | undefined => {
      if (kept === undefined || kept.expiresAtMs <= nowMs) return undefined;
      const { payload, expiresAtMs, consumedAtMs } = kept;
      const artefact = {
        payload: structuredClone(payload),
        expiresAtMs,
        ...(consumedAtMs === undefined ? {} : { consumedAtMs }),
      };
      sources.set(artefact, kept);
      return artefact;
    };
    return {
      put: (kind, id, keeping) =>
        Effect.sync(() => {
          if (keeping.grant !== undefined && !rows.has(place("Grant", keeping.grant))) return false;
          const consumedAtMs = rows.get(place(kind, id))?.consumedAtMs;
          // As a row would have it: without what JSON has not.
          const payload = JSON.parse(JSON.stringify(keeping.payload));
          rows.set(place(kind, id), { ...keeping, payload, consumedAtMs });
          return true;
        }),
      find: (kind, id) =>
        Effect.map(Clock.currentTimeMillis, (nowMs) => shown(rows.get(place(kind, id)), nowMs)),
      exchange: (kind, id, before, { payload, expiresAtMs }) =>
        Effect.map(Clock.currentTimeMillis, (nowMs) => {
          const kept = rows.get(place(kind, id));
          const isThat =
            before === undefined
              ? kept === undefined || kept.expiresAtMs <= nowMs
              : kept !== undefined && kept === sources.get(before);
          if (!isThat) return false;
          // As a row would have it: without what JSON has not.
          const own = JSON.parse(JSON.stringify(payload));
          rows.set(place(kind, id), { payload: own, expiresAtMs, consumedAtMs: undefined });
          return true;
        }),
      findByUserCode: (userCode) =>
        Effect.map(Clock.currentTimeMillis, (nowMs) =>
          shown(
            [...rows.values()].find((kept) => kept.userCode === userCode),
            nowMs,
          ),
        ),
      consume: (kind, id) =>
        Effect.map(Clock.currentTimeMillis, (nowMs) => {
          const kept = rows.get(place(kind, id));
          if (kept === undefined || kept.consumedAtMs !== undefined) return false;
          kept.consumedAtMs = nowMs;
          return true;
        }),
      remove: (kind, id) => Effect.sync(() => void rows.delete(place(kind, id))),
      revokeGrant: (grant) =>
        Effect.sync(() => {
          rows.delete(place("Grant", grant));
          for (const [key, kept] of rows) if (kept.grant === grant) rows.delete(key);
        }),
      first: (scope, id, expiresAtMs) =>
        Effect.map(Clock.currentTimeMillis, (nowMs) => {
          const key = artefactDigest(keyring, `seen/${scope}`, id);
          if ((seen.get(key) ?? 0) > nowMs) return false;
          seen.set(key, expiresAtMs);
          return true;
        }),
      sweep: Effect.map(Clock.currentTimeMillis, (nowMs) => {
        const before = rows.size + seen.size;
        for (const [key, { expiresAtMs }] of rows) if (expiresAtMs <= nowMs) rows.delete(key);
        for (const [key, expiresAtMs] of seen) if (expiresAtMs <= nowMs) seen.delete(key);
        return before - rows.size - seen.size;
      }),
    };
  }),
);
