import OpenAI, { APIError, APIConnectionError } from "openai";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ServiceWorld, serviceWorld } from "./service-world.ts";

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld({ rate: 20 });
});
afterEach(() => world.close());

type Params = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming;
const client = (maxRetries = 0): OpenAI => new OpenAI({ apiKey: "sk-test", baseURL: `${world.http}/v1`, maxRetries });

const tools: Params["tools"] = [
  { type: "function", function: { name: "verify_party", parameters: { type: "object", properties: { birth_year: { type: "string" } }, required: ["birth_year"] } } },
  { type: "function", function: { name: "record_disposition", parameters: { type: "object", properties: { disposition: { type: "string", enum: ["promise_to_pay", "wrong_number"] } }, required: ["disposition"] } } },
  { type: "function", function: { name: "end_call", parameters: { type: "object", properties: {} } } },
];
const ask = (said: string, more: Partial<Params> = {}): Params => ({
  model: "gpt-5.6-luna",
  reasoning_effort: "none",
  stream: true,
  stream_options: { include_usage: true },
  messages: [
    { role: "system", content: "You are Asha. Answer in English." },
    { role: "user", content: said },
  ],
  tools,
  ...more,
});

async function read(params: Params, signal?: AbortSignal) {
  const stream = await client().chat.completions.create(params, { signal: signal ?? null });
  const chunks: { chunk: OpenAI.Chat.Completions.ChatCompletionChunk; atMs: number }[] = [];
  for await (const chunk of stream) chunks.push({ chunk, atMs: world.clock.nowMs() });
  return chunks;
}

describe("chat completions with the SDK", () => {
  test("text comes token by token after a realistic wait, then finish reason, usage, end", async () => {
    const before = world.clock.nowMs();
    const chunks = await read(ask("hello"));
    const text = chunks.map(({ chunk }) => chunk.choices[0]?.delta.content ?? "").join("");
    expect(text).toBe("Before I go on, could you please tell me birth year?");
    expect(chunks[0]?.chunk.choices[0]?.delta).toMatchObject({ role: "assistant", content: "" });
    expect((chunks[1]?.atMs ?? 0) - before).toBeGreaterThanOrEqual(200);
    expect(chunks.at(-2)?.chunk.choices[0]?.finish_reason).toBe("stop");
    expect(chunks.at(-1)?.chunk.choices).toEqual([]);
    expect(chunks.at(-1)?.chunk.usage?.total_tokens).toBeGreaterThan(20);
    expect(new Set(chunks.map(({ chunk }) => chunk.id)).size).toBe(1);
    expect(world.ledger.errors).toEqual([]);
  });

  test("a tool call comes in fragments that add up to its arguments", async () => {
    const chunks = await read(ask("1985"));
    const calls = chunks.flatMap(({ chunk }) => chunk.choices[0]?.delta.tool_calls ?? []);
    expect(calls[0]).toMatchObject({ index: 0, type: "function", function: { name: "verify_party", arguments: "" } });
    expect(calls.slice(1).every((call) => call.id === undefined)).toBe(true);
    expect(calls.length).toBeGreaterThan(2);
    expect(JSON.parse(calls.map((call) => call.function?.arguments ?? "").join(""))).toEqual({ birth_year: "1985" });
    expect(chunks.at(-2)?.chunk.choices[0]?.finish_reason).toBe("tool_calls");
  });

  test("the same request gives the same answer", async () => {
    const texts = await Promise.all([read(ask("wrong number")), read(ask("wrong number"))]);
    const deltas = texts.map((chunks) => JSON.stringify(chunks.map(({ chunk }) => chunk.choices[0]?.delta.tool_calls?.map((call) => call.function))));
    expect(deltas[0]).toBe(deltas[1]);
  });

  test("an aborted request ends quietly and is written down as aborted", async () => {
    world.services.faults.set("openai", { kind: "always", fault: { kind: "dribble", gapMs: 60_000 } });
    const abort = new AbortController();
    const stream = await client().chat.completions.create(ask("hello"), { signal: abort.signal });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.role) abort.abort();
    await expect.poll(() => world.ledger.eventsOf("service").map((event) => event.what)).toEqual(["aborted"]);
  });

  test("without streaming the whole answer comes at once", async () => {
    const answer = await client().chat.completions.create({ model: "gpt-5.6-luna", reasoning_effort: "none", messages: [{ role: "user", content: "1985" }], tools });
    expect(answer.choices[0]?.message.tool_calls?.length).toBe(1);
    expect(answer.choices[0]?.finish_reason).toBe("tool_calls");
  });

  test("a model that reasons takes its time unless told not to", async () => {
    const before = world.clock.nowMs();
    const { reasoning_effort: _, ...thinking } = ask("hello");
    await read(thinking);
    expect(world.clock.nowMs() - before).toBeGreaterThan(2_000);
  });
});

describe("what the API refuses", () => {
  const toolMessage = { role: "tool", tool_call_id: "call_9", content: "x" } as const;
  const callMessage = { role: "assistant", content: null, tool_calls: [{ id: "call_1", type: "function", function: { name: "end_call", arguments: "{}" } }] } as const;
  test.each<[string, object, number, string | null]>([
    ["an unknown parameter", { max_output_tokens: 5 }, 400, "unknown_parameter"],
    ["max_tokens on a reasoning model", { max_tokens: 5 }, 400, "unsupported_parameter"],
    ["a temperature while it reasons", { temperature: 0.2, reasoning_effort: "low" }, 400, "unsupported_value"],
    ["reasoning effort on a model that does not reason", { model: "gpt-4o-mini" }, 400, null],
    ["an unknown model", { model: "gpt-3" }, 404, "model_not_found"],
    ["a tool result without its call", { messages: [toolMessage] }, 400, null],
    ["a tool call without its result", { messages: [callMessage, { role: "user", content: "x" }] }, 400, null],
    ["a tool call passed over in silence", { messages: [callMessage, { role: "assistant", content: "x" }] }, 400, null],
    ["a message with an unknown field", { messages: [{ role: "user", content: "x", text: "y" }] }, 400, "unknown_parameter"],
    ["a strict tool whose schema is open", { tools: [{ type: "function", function: { name: "f", strict: true, parameters: { type: "object", properties: { a: { type: "string" } } } } }] }, 400, "invalid_function_parameters"],
    ["usage without streaming", { stream: false }, 400, null],
  ])("%s", async (_, change, status, code) => {
    const error = await client()
      .chat.completions.create({ ...ask("x"), ...change } as Params)
      .then(() => undefined, (caught: unknown) => caught);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ status, code });
    expect(world.ledger.errors.length).toBe(1);
  });

  test("a wrong key", async () => {
    await world.close();
    world = await serviceWorld({ keys: { openAi: "sk-right" } });
    await expect(read(ask("x"))).rejects.toMatchObject({ status: 401, code: "invalid_api_key" });
  });
});

describe("faults of the language model", () => {
  test("429 with retry-after-ms is retried by the SDK, and then answered", async () => {
    world.services.faults.set("openai", { kind: "script", faults: [{ kind: "status", status: 429, retryAfterMs: 20 }] });
    const stream = await client(1).chat.completions.create(ask("hello"));
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    expect(text).toContain("birth year");
    expect(world.ledger.errors).toEqual([]);
  });

  test("a reset connection is an error of the connection", async () => {
    world.services.faults.set("openai", { kind: "always", fault: { kind: "reset" } });
    await expect(read(ask("x"))).rejects.toBeInstanceOf(APIConnectionError);
  });

  test("comments only: alive, and not a single chunk", async () => {
    world.services.faults.set("openai", { kind: "always", fault: { kind: "keep_alive_only" } });
    const abort = new AbortController();
    const stream = await client().chat.completions.create(ask("x"), { signal: abort.signal });
    const timer = world.clock.setTimer(5_000, () => abort.abort());
    let chunks = 0;
    for await (const _ of stream) chunks += 1;
    timer.cancel();
    expect([chunks, abort.signal.aborted]).toEqual([0, true]);
  });

  test("empty success: a stop without a word", async () => {
    world.services.faults.set("openai", { kind: "always", fault: { kind: "empty" } });
    const chunks = await read(ask("hello"));
    expect(chunks.map(({ chunk }) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("");
    expect(chunks.at(-2)?.chunk.choices[0]?.finish_reason).toBe("stop");
  });

  test("length: cut short with that reason", async () => {
    world.services.faults.set("openai", { kind: "always", fault: { kind: "length", afterPieces: 4 } });
    const chunks = await read(ask("hello"));
    expect(chunks.at(-2)?.chunk.choices[0]?.finish_reason).toBe("length");
  });

  test("slow first token and dribble", async () => {
    world.services.faults.set("openai", { kind: "script", faults: [{ kind: "slow_start", delayMs: 3_000 }, { kind: "dribble", gapMs: 200 }] });
    const before = world.clock.nowMs();
    expect((await read(ask("hello")))[0]?.atMs ?? 0).toBeGreaterThan(before + 3_000);
    const dribblesFromMs = world.clock.nowMs();
    const dribbled = await read(ask("hello"));
    expect((dribbled.at(-1)?.atMs ?? 0) - dribblesFromMs).toBeGreaterThan((dribbled.length - 3) * 200);
  });

  test("garbage makes the parser fail, a cut breaks the stream", async () => {
    world.services.faults.set("openai", { kind: "script", faults: [{ kind: "garbage" }, { kind: "cut", everyMs: 100 }] });
    await expect(read(ask("hello"))).rejects.toThrow();
    await expect(read(ask("hello"))).rejects.toThrow();
  });
});
