import type { RawData } from "ws";

/** A message our side may send on the media socket; everything else is invalid. */
export type MediaMessage =
  | { event: "media"; audio: Uint8Array }
  | { event: "mark"; name: string }
  | { event: "clear" }
  | { event: "invalid"; fault: string };

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Reads one text message against the stream it came in on. */
export function readMediaMessage(data: RawData, streamSid: string): MediaMessage {
  const invalid = (fault: string): MediaMessage => ({ event: "invalid", fault });
  const message = record(parsed(textOf(data)));
  if (!message) return invalid("a message that is no JSON object");
  if (message["streamSid"] !== streamSid) return invalid(`expected streamSid ${streamSid}, got ${String(message["streamSid"])}`);
  switch (message["event"]) {
    case "media": {
      const payload = record(message["media"])?.["payload"];
      if (typeof payload !== "string" || !base64.test(payload)) return invalid("media without a base64 payload");
      return { event: "media", audio: Buffer.from(payload, "base64") };
    }
    case "mark": {
      const name = record(message["mark"])?.["name"];
      return typeof name === "string" && name !== "" ? { event: "mark", name } : invalid("mark without a name");
    }
    case "clear":
      return { event: "clear" };
    default:
      return invalid(`unknown event ${String(message["event"])}`);
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return data instanceof ArrayBuffer ? Buffer.from(data).toString("utf8") : data.toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}
