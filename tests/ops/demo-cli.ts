import { PassThrough } from "node:stream";
import { runCli } from "../../ops/run-cli.ts";
import { demoCommands, placeNamed } from "./demo-commands.ts";

/** One run of the demonstration commands, its output kept. */
export const demoCli = async (
  written: ReadonlyArray<string>,
  options: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
    readonly onOut?: (text: string) => void;
  } = {},
) => {
  const [stdout, out] = kept(options.onOut);
  const [stderr, err] = kept();
  const status = await runCli({
    commands: demoCommands,
    store: async () => placeNamed("here"),
    version: "1.2.3",
    written,
    environment: { AUTHLEDGER_STORE: "memory", ...options.environment },
    folder: "/srv",
    stdout,
    stderr,
    signal: options.signal ?? new AbortController().signal,
  });
  return { status, out: out(), err: err() };
};

const kept = (onText: (text: string) => void = () => {}) => {
  const stream = new PassThrough();
  let text = "";
  stream.setEncoding("utf8").on("data", (more: string) => {
    text += more;
    onText(more);
  });
  return [stream, () => text] as const;
};
