import { once } from "node:events";
import { finished, pipeline } from "node:stream/promises";
import { Readable, type Writable } from "node:stream";
import type { Response } from "express";

/** What a route answers. */
export type Reply =
  | { kind: "json"; status: number; body: unknown }
  | { kind: "empty"; status: 204 }
  | { kind: "file"; contentType: string; fileName: string; write: FileWriter }
  | { kind: "events"; events: AsyncIterable<ServerEvent> };

/** Streams a download into the response; respects its backpressure. */
export type FileWriter = (to: Writable) => Promise<void>;

/** One Server-Sent Event; `data` is sent as JSON. A comment keeps the line open. */
export type ServerEvent = { event: string; data: unknown } | { comment: string };

export const ok = (body: unknown): Reply => ({ kind: "json", status: 200, body });
export const created = (body: unknown): Reply => ({ kind: "json", status: 201, body });
export const noContent: Reply = { kind: "empty", status: 204 };

/** A writer over pieces of text or bytes; a reader who leaves ends the pieces too. */
export function piecesWriter(pieces: AsyncIterable<string | Uint8Array>): FileWriter {
  return (to) => pipeline(Readable.from(pieces), to);
}

/** Sends a download: an attachment that no browser sniffs or shows in our origin. */
export async function sendFile(response: Response, file: Extract<Reply, { kind: "file" }>): Promise<void> {
  response.status(200);
  response.setHeader("Content-Type", file.contentType);
  response.setHeader("Content-Disposition", `attachment; filename="${file.fileName}"`);
  await file.write(response);
  if (!response.writableFinished) await finished(response);
}

/** Sends events until they end or the listener is gone. */
export async function sendEvents(response: Response, events: AsyncIterable<ServerEvent>): Promise<void> {
  response.status(200);
  response.setHeader("Content-Type", "text/event-stream");
  response.setHeader("X-Accel-Buffering", "no");
  response.flushHeaders();
  for await (const event of events) {
    if (response.destroyed) return;
    const text = "comment" in event ? `: ${event.comment}\n\n` : `event: ${event.event}\ndata: ${JSON.stringify(event.data)}\n\n`;
    if (!response.write(text)) await Promise.race([once(response, "drain"), once(response, "close")]);
  }
  response.end();
}
