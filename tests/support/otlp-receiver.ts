import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { z } from "zod";

/** Source: opentelemetry-proto 1.x, trace.proto and common.proto in their JSON mapping. */
const Value = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ boolValue: z.boolean() }),
  z.strictObject({ intValue: z.union([z.int(), z.string().regex(/^-?\d+$/)]) }),
  z.strictObject({ doubleValue: z.number() }),
  z.strictObject({
    arrayValue: z.strictObject({ values: z.array(z.strictObject({ stringValue: z.string() })) }),
  }),
]);
const Attributes = z.array(z.strictObject({ key: z.string().min(1), value: Value }));
const TraceId = z.string().regex(/^(?!0{32})[0-9a-f]{32}$/);
const SpanId = z.string().regex(/^(?!0{16})[0-9a-f]{16}$/);
const Nanoseconds = z.string().regex(/^1[0-9]{18}$/);
const dropped = z.literal(0);

const Span = z.strictObject({
  traceId: TraceId,
  spanId: SpanId,
  parentSpanId: SpanId.optional(),
  name: z.string().min(1),
  kind: z.int().min(1).max(5),
  startTimeUnixNano: Nanoseconds,
  endTimeUnixNano: Nanoseconds,
  attributes: Attributes,
  droppedAttributesCount: dropped,
  events: z.array(
    z.strictObject({
      name: z.string(),
      timeUnixNano: Nanoseconds,
      attributes: Attributes,
      droppedAttributesCount: dropped,
    }),
  ),
  droppedEventsCount: dropped,
  status: z.strictObject({ code: z.int().min(0).max(2), message: z.string().optional() }),
  links: z.array(
    z.strictObject({
      traceId: TraceId,
      spanId: SpanId,
      attributes: Attributes,
      droppedAttributesCount: dropped,
    }),
  ),
  droppedLinksCount: dropped,
});

const Request = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes: Attributes, droppedAttributesCount: dropped }),
      scopeSpans: z.array(
        z.strictObject({
          scope: z.strictObject({ name: z.string(), version: z.string() }),
          spans: z.array(Span),
        }),
      ),
    }),
  ),
});

export type ReceivedSpan = z.output<typeof Span>;

/**
 * A double of an OpenTelemetry collector: takes OTLP/HTTP with JSON at `/v1/traces` and refuses
 * everything that is not exactly as the protocol has it.
 */
export async function otlpReceiver() {
  const spans: Array<ReceivedSpan> = [];
  const bodies: Array<string> = [];
  const problems: Array<string> = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    bodies.push(body);
    const parsed = Request.safeParse(JSON.parse(body));
    const right =
      request.method === "POST" &&
      request.url === "/v1/traces" &&
      request.headers["content-type"] === "application/json" &&
      parsed.success;
    if (!right) problems.push(`${request.method} ${request.url} ${parsed.error?.message}`);
    else {
      for (const { scopeSpans } of parsed.data.resourceSpans) {
        for (const scope of scopeSpans) spans.push(...scope.spans);
      }
    }
    response.writeHead(right ? 200 : 400, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    spans,
    bodies,
    problems,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
