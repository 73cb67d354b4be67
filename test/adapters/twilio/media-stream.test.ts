import { readFileSync } from "node:fs";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { acceptMediaStream } from "../../../src/adapters/twilio/media-stream.ts";
import { Refusal } from "../../../src/domain/errors.ts";
import type { AccountId, AttemptId } from "../../../src/domain/ids.ts";
import { type MediaSocket, mediaSocket, type MediaSocketDeps } from "../../../src/http/media-socket.ts";
import { frameBytes, type LineClosing, type PhoneLine, silenceByte } from "../../../src/talk/ports.ts";
import { type ManualClock, manualClock } from "../../support/clock.ts";
import { recordingLog } from "../../support/log.ts";
import { heardList } from "../../support/scripted-socket-server.ts";

type Told = { frame: Uint8Array } | { mark: string } | { digit: string } | { closed: LineClosing };

interface Door {
  media: MediaSocket;
  clock: ManualClock;
  url: string;
  started: ReturnType<typeof heardList<{ line: PhoneLine }>>;
  closedStreams: AttemptId[];
  connect(headers?: Record<string, string>, path?: string): Promise<Caller>;
}
interface Caller {
  socket: WebSocket;
  heard: ReturnType<typeof heardList<{ event: string } & Record<string, unknown>>>;
  closed: Promise<number>;
  send(message: unknown): void;
}
const startMessage = (token: string | undefined = "good", callSid = "CA1") => ({
  event: "start", sequenceNumber: "1", streamSid: "MZ1",
  start: { accountSid: "AC1", callSid, streamSid: "MZ1", tracks: ["inbound"], mediaFormat: { encoding: "audio/x-mulaw", sampleRate: 8000, channels: 1 }, customParameters: token === undefined ? {} : { token } },
});
const media = (timestamp: number, fill = 7) => ({ event: "media", sequenceNumber: "4", streamSid: "MZ1", media: { track: "inbound", chunk: "2", timestamp: String(timestamp), payload: Buffer.alloc(frameBytes, fill).toString("base64") } });

/** The door with Twilio's line behind it; the carrier's signature is "signed". */
async function door(more: Partial<MediaSocketDeps> = {}): Promise<Door> {
  const clock = manualClock("2026-12-01T10:00");
  const log = recordingLog();
  const started = heardList<{ line: PhoneLine }>();
  const closedStreams: AttemptId[] = [];
  const server = createServer();
  const media = mediaSocket({
    server,
    log,
    verifyUpgrade: ({ signature }) => signature === "signed",
    acceptStream: (socket, withinMs) => acceptMediaStream(socket, { clock, log }, withinMs),
    openStream: ({ token, callSid }) =>
      token === "good" && callSid === "CA1" ? Promise.resolve({ attemptId: "a1" as AttemptId, accountId: "k1" as AccountId, resumed: false }) : Promise.reject(new Refusal(403, "stream_refused", "expected a good token")),
    startConversation: ({ line }) => started.push({ line }),
    onStreamClosed: (attemptId) => void closedStreams.push(attemptId),
    hasRoom: () => true,
    ...more,
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const callers: WebSocket[] = [];
  onTestFinished(async () => {
    for (const socket of callers) socket.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    clock,
    url,
    media,
    started,
    closedStreams,
    async connect(headers = { "x-twilio-signature": "signed" }, path = "/media") {
      const socket = new WebSocket(`${url}${path}`, { headers, perMessageDeflate: true });
      callers.push(socket);
      const heard = heardList<{ event: string } & Record<string, unknown>>();
      socket.on("message", (data) => heard.push(JSON.parse(Buffer.isBuffer(data) ? data.toString("utf8") : "{}") as { event: string }));
      const closed = new Promise<number>((resolve) => socket.on("close", resolve));
      await new Promise<void>((resolve, reject) => {
        socket.on("open", resolve);
        socket.on("error", reject);
      });
      return { socket, heard, closed, send: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)) };
    },
  };
}
/** A caller whose stream was let in, and the line it became. */
async function onLine() {
  const opened = await door();
  const caller = await opened.connect();
  caller.send({ event: "connected", protocol: "Call", version: "1.0.0" });
  caller.send(startMessage());
  const { line } = await opened.started.until(() => true);
  const told = heardList<Told>();
  const listen = (): void =>
    line.listen({
      onFrame: (frame) => told.push({ frame: frame.slice() }),
      onMark: (mark) => told.push({ mark }),
      onDigit: (digit) => told.push({ digit }),
      onClosed: (closed) => told.push({ closed }),
    });
  return { ...opened, caller, line, told, listen };
}

describe("the media socket's door", () => {
  test.each<[string, Record<string, string>, string]>([
    ["without a signature", {}, "/media"],
    ["with a wrong signature", { "x-twilio-signature": "forged" }, "/media"],
    ["from a browser, even with a right signature", { "x-twilio-signature": "signed", origin: "https://evil.example" }, "/media"],
    ["at another path", { "x-twilio-signature": "signed" }, "/medial"],
  ])("refuses an upgrade %s", async (_, headers, path) => {
    const opened = await door();
    await expect(opened.connect(headers, path)).rejects.toThrow(/Unexpected server response: 40[34]/);
  });

  test("a handshake that is broken takes no place", async () => {
    const opened = await door();
    const headers = { connection: "Upgrade", upgrade: "websocket", "x-twilio-signature": "signed" };
    const answered = await new Promise<number | undefined>((resolve, reject) => {
      get(`${opened.url.replace("ws:", "http:")}/media`, { headers }, (response) => resolve(response.resume().statusCode)).on("error", reject);
    });
    expect([answered, opened.media.waiting]).toEqual([400, 0]);
  });

  test("refuses when there is no room", async () => {
    const opened = await door({ hasRoom: () => false });
    await expect(opened.connect()).rejects.toThrow(/503/);
  });

  test("compresses nothing and takes no message above 64 KiB", async () => {
    const opened = await door();
    const caller = await opened.connect();
    expect(caller.socket.extensions).toBe("");
    caller.send("x".repeat(64 * 1024 + 1));
    expect(await caller.closed).toBe(1009);
  });

  test("closes with 1008 when no start comes within five seconds", async () => {
    const opened = await door();
    const caller = await opened.connect();
    await Promise.resolve();
    opened.clock.advance(5_000);
    expect(await caller.closed).toBe(1008);
    expect(opened.started.all).toHaveLength(0);
  });

  test.each<[string, unknown]>([
    ["anything but start first", media(0)],
    ["no JSON", "hello"],
    ["a start without a token", startMessage("")],
    ["a start with a token that is not good", startMessage("bad")],
    ["a good token on another call", startMessage("good", "CA2")],
    ["another audio format", { ...startMessage(), start: { ...startMessage().start, mediaFormat: { encoding: "audio/x-l16", sampleRate: 16000, channels: 1 } } }],
  ])("closes with 1008 on %s, and nothing is started", async (_, message) => {
    const opened = await door();
    const caller = await opened.connect();
    caller.send(message);
    expect(await caller.closed).toBe(1008);
    expect(opened.started.all).toHaveLength(0);
  });

  test("a binary frame first is refused", async () => {
    const opened = await door();
    const caller = await opened.connect();
    caller.socket.send(Buffer.from(JSON.stringify(startMessage())));
    expect(await caller.closed).toBe(1008);
  });

  test("when the token cannot be looked up the carrier is to try again", async () => {
    const opened = await door({ openStream: () => Promise.reject(new Error("the database is away")) });
    const caller = await opened.connect();
    caller.send(startMessage());
    expect(await caller.closed).toBe(1013);
  });

  test("tells when an admitted stream is gone", async () => {
    const call = await onLine();
    call.caller.socket.close();
    await call.caller.closed;
    await expect.poll(() => call.closedStreams).toEqual(["a1"]);
  });
});

describe("Twilio's phone line", () => {
  test("speaks the wire format: media, mark and clear, and nothing else", async () => {
    const { line, caller, listen } = await onLine();
    listen();
    expect(line.callSid).toBe("CA1");
    expect(line.play(new Uint8Array(2 * frameBytes).fill(9))).toBe(true);
    line.mark("u1:1");
    line.clear();
    await caller.heard.until((message) => message.event === "clear");
    expect(caller.heard.all).toEqual([
      { event: "media", streamSid: "MZ1", media: { payload: Buffer.alloc(2 * frameBytes, 9).toString("base64") } },
      { event: "mark", streamSid: "MZ1", mark: { name: "u1:1" } },
      { event: "clear", streamSid: "MZ1" },
    ]);
  });

  test("refuses pieces that are no whole frames: they would stutter", async () => {
    const { line } = await onLine();
    expect(() => line.play(new Uint8Array(161))).toThrow(/whole frames/);
  });

  test("delivers frames on an unbroken time axis, marks and keys", async () => {
    const { caller, told, listen } = await onLine();
    listen();
    for (const timestamp of [25, 45, 45, 105]) caller.send(media(timestamp));
    caller.send({ event: "dtmf", sequenceNumber: "5", streamSid: "MZ1", dtmf: { track: "inbound_track", digit: "9" } });
    caller.send({ event: "mark", sequenceNumber: "6", streamSid: "MZ1", mark: { name: "u1:end" } });
    await told.until((event) => "mark" in event);
    expect(told.all.map((event) => ("frame" in event ? (event.frame[0] === silenceByte ? "silence" : "voice") : event))).toEqual(["voice", "voice", "silence", "silence", "voice", { digit: "9" }, { mark: "u1:end" }]);
  });

  test("keeps what comes before anybody listens", async () => {
    const { caller, told, listen, line } = await onLine();
    for (let at = 0; at < 400; at += 20) caller.send(media(at));
    caller.send({ event: "stop", sequenceNumber: "9", streamSid: "MZ1", stop: { accountSid: "AC1", callSid: "CA1" } });
    await caller.closed;
    expect(line.play(new Uint8Array(frameBytes))).toBe(false);
    listen();
    expect(told.all.filter((event) => "frame" in event)).toHaveLength(20);
    expect(told.all.at(-1)).toEqual({ closed: "stopped" });
  });

  test("tells an end by stop from a lost connection, each once", async () => {
    const stopped = await onLine();
    stopped.listen();
    stopped.caller.send({ event: "stop", sequenceNumber: "9", streamSid: "MZ1", stop: { accountSid: "AC1", callSid: "CA1" } });
    stopped.caller.send({ event: "stop", sequenceNumber: "10", streamSid: "MZ1", stop: { accountSid: "AC1", callSid: "CA1" } });
    await stopped.caller.closed;
    expect(stopped.told.all).toEqual([{ closed: "stopped" }]);

    const lost = await onLine();
    lost.listen();
    lost.caller.socket.terminate();
    await lost.told.until((event) => "closed" in event);
    expect(lost.told.all).toEqual([{ closed: "lost" }]);
  });

  test("R4.5: a peer that says nothing for six seconds is given up", async () => {
    const { clock, told, listen, caller } = await onLine();
    listen();
    clock.advance(5_000);
    expect(told.all).toEqual([]);
    clock.advance(1_000);
    expect(told.all).toEqual([{ closed: "lost" }]);
    await caller.closed;
  });

  test.each<[string, string | Buffer]>([
    ["a binary frame", Buffer.from([1, 2, 3])],
    ["no JSON", "hello"],
    ["an unknown event", '{"event":"surprise"}'],
    ["a counter that is no number", '{"event":"media","media":{"timestamp":"soon","payload":""}}'],
  ])("ends on %s", async (_, frame) => {
    const { caller, told, listen } = await onLine();
    listen();
    caller.socket.send(frame);
    expect(await caller.closed).toBe(1008);
    expect(told.all).toEqual([{ closed: "lost" }]);
  });

  test("does not pile sound up for a peer that does not read", async () => {
    const { line, caller } = await onLine();
    caller.socket.pause();
    let taken = 0;
    while (taken < 100_000 && line.play(new Uint8Array(10 * frameBytes))) taken += 1;
    expect(taken).toBeLessThan(100_000);
    caller.socket.resume();
  });

  test("leaves no timer after the end", async () => {
    const { clock, caller, told, listen } = await onLine();
    listen();
    caller.socket.terminate();
    await told.until((event) => "closed" in event);
    clock.advance(10_000);
    expect(clock.pending).toBe(0);
  });
});

test("no word of the carrier appears in talk or in the door", () => {
  expect(readFileSync(new URL("../../../src/talk/ports.ts", import.meta.url), "utf8")).not.toMatch(/twilio/i);
});
