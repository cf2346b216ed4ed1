import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";

/** RFC 6455 section 1.3. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const MASK = Buffer.of(1, 2, 3, 4);

const accepted = (key: string) => createHash("sha1").update(`${key}${GUID}`).digest("base64");

/** Takes an upgrade and sends each short text message back. */
export const echo = (request: IncomingMessage, socket: Duplex): void => {
  const key = String(request.headers["sec-websocket-key"]);
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${accepted(key)}\r\n\r\n`,
  );
  socket.on("error", () => {});
  socket.on("data", (frame: Buffer) => {
    const length = (frame[1] ?? 0) & 0x7f;
    const mask = frame.subarray(2, 6);
    const text = Buffer.from(frame.subarray(6, 6 + length)).map(
      (byte, at) => byte ^ (mask[at % 4] ?? 0),
    );
    socket.write(Buffer.concat([Buffer.of(0x81, length), text]));
  });
};

/** Asks for a WebSocket and sends one message: the status, and what came back when it opened. */
export const say = (
  port: number,
  message: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly heard: string | undefined }> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1").once("error", reject);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(
      `GET /socket HTTP/1.1\r\nHost: app.example.com\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n` +
        `${lines.join("")}\r\n`,
    );
    let read = Buffer.alloc(0);
    let isOpen = false;
    const done = (status: number, heard: string | undefined) => {
      socket.destroy();
      resolve({ status, heard });
    };
    socket.on("data", (chunk: Buffer) => {
      read = Buffer.concat([read, chunk]);
      const end = read.indexOf("\r\n\r\n");
      if (!isOpen && end >= 0) {
        const head = read.toString("latin1", 0, end);
        const status = Number(head.split(" ")[1]);
        if (status !== 101 || !head.includes(accepted(KEY))) return done(status, undefined);
        isOpen = true;
        read = read.subarray(end + 4);
        const text = Buffer.from(message).map((byte, at) => byte ^ (MASK[at % 4] ?? 0));
        socket.write(Buffer.concat([Buffer.of(0x81, 0x80 | text.length), MASK, text]));
      }
      if (isOpen && read.length >= 2 + message.length) done(101, read.toString("utf8", 2));
    });
  });
