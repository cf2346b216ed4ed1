import { connect, type Socket } from "node:net";

const END_OF_HEAD = "\r\n\r\n";
const LAST_CHUNK = "0\r\n\r\n";

/** Whether a whole answer is there. */
export function isWhole(answer: string): boolean {
  const head = answer.indexOf(END_OF_HEAD);
  if (head < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, head))?.[1];
  if (length === undefined) return answer.endsWith(LAST_CHUNK);
  return answer.length - head - END_OF_HEAD.length >= Number(length);
}

/** Throws on an answer of another status, with its head. */
export function expectStatus(answer: string, status: number): void {
  if (answer.startsWith(`HTTP/1.1 ${status} `)) return;
  throw new Error(`Answered ${answer.slice(0, answer.indexOf(END_OF_HEAD))}`);
}

/** What comes after the head of an answer that said its length. */
export function bodyOf(answer: string): string {
  return answer.slice(answer.indexOf(END_OF_HEAD) + END_OF_HEAD.length);
}

/** A POST of a form. Shape: `headers` end without a line break. */
export function formPost(path: string, body: string, headers: ReadonlyArray<string> = []): string {
  const type = "Content-Type: application/x-www-form-urlencoded";
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  const lines = [`POST ${path} HTTP/1.1`, "Host: localhost", ...headers, type, length];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** A keep-alive connection that has one request at a time. Answers are read as Latin-1. */
export class Wire {
  readonly #socket: Socket;
  #answer = "";
  #settle: { resolve: (answer: string) => void; reject: (error: unknown) => void } | undefined;

  constructor(port: number) {
    this.#socket = connect(port, "127.0.0.1").setNoDelay(true);
    this.#socket.on("error", (error) => this.#settle?.reject(error));
    this.#socket.on("close", () => this.#settle?.reject(new Error("A server closed a connection")));
    this.#socket.on("data", (chunk) => {
      this.#answer += chunk.toString("latin1");
      if (!isWhole(this.#answer)) return;
      const settle = this.#settle;
      this.#settle = undefined;
      settle?.resolve(this.#answer);
    });
  }

  /** Sends a whole request and answers with the whole answer. */
  ask(request: string | Uint8Array): Promise<string> {
    this.#answer = "";
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
