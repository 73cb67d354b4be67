import type { IncomingMessage, ServerResponse } from "node:http";
import { text as bodyOf } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { openAiBrain } from "../../../src/adapters/openai/brain.ts";
import { VendorError } from "../../../src/domain/errors.ts";
import type { BrainEvent, BrainRequest } from "../../../src/talk/ports.ts";
import { scriptedServer } from "../../support/scripted-socket-server.ts";

const request: BrainRequest = {
  replyId: "r1",
  messages: [
    { role: "system", text: "be brief" },
    { role: "user", text: "hello" },
    { role: "assistant", text: "", toolCalls: [{ id: "t1", name: "end_call", argumentsJson: "{}" }] },
    { role: "tool", toolCallId: "t1", text: "The call ends now." },
  ],
  tools: [{ name: "end_call", description: "ends", parameters: { type: "object", properties: {} } }],
};
const chunk = (delta: object, finish: string | null = null) => ({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason: finish }] });

async function brainAgainst(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
  const bodies: Record<string, unknown>[] = [];
  const server = await scriptedServer((incoming, response) => {
    void bodyOf(incoming).then((body) => {
      bodies.push(JSON.parse(body) as Record<string, unknown>);
      answer(incoming, response, body);
    });
  });
  const brain = openAiBrain({ apiKey: "the-key", baseUrl: `${server.origin}/v1`, model: "gpt-5.6-luna", reasoningEffort: "none" });
  const collect = async (signal = new AbortController().signal): Promise<BrainEvent[]> => {
    const events: BrainEvent[] = [];
    for await (const event of brain.reply(request, signal)) events.push(event);
    return events;
  };
  return { bodies, brain, collect };
}
const stream = (response: ServerResponse, messages: readonly (object | string)[], end = true): void => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const message of messages) response.write(typeof message === "string" ? message : `data: ${JSON.stringify(message)}\n\n`);
  if (end) response.end("data: [DONE]\n\n");
};

describe("OpenAI chat", () => {
  test("streams text and asks for usage, with tools and without retries of its own", async () => {
    const { bodies, collect } = await brainAgainst((_, response) =>
      stream(response, [chunk({ role: "assistant", content: "" }), chunk({ content: "Hel" }), chunk({ content: "lo." }), chunk({}, "stop"), { ...chunk({}), choices: [], usage: { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 } }]),
    );
    expect(await collect()).toEqual([{ kind: "text", delta: "Hel" }, { kind: "text", delta: "lo." }, { kind: "done", inputTokens: 11, outputTokens: 3 }]);
    expect(bodies[0]).toEqual({
      model: "gpt-5.6-luna",
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: 1_500,
      reasoning_effort: "none",
      messages: [
        { role: "system", content: "be brief" },
        { role: "user", content: "hello" },
        { role: "assistant", content: null, tool_calls: [{ id: "t1", type: "function", function: { name: "end_call", arguments: "{}" } }] },
        { role: "tool", tool_call_id: "t1", content: "The call ends now." },
      ],
      tools: [{ type: "function", function: { name: "end_call", description: "ends", parameters: { type: "object", properties: {} } } }],
    });
  });

  test("puts the fragments of parallel tool calls together", async () => {
    const { collect } = await brainAgainst((_, response) =>
      stream(response, [
        chunk({ tool_calls: [{ index: 0, id: "a", type: "function", function: { name: "record_disposition", arguments: "" } }] }),
        chunk({ tool_calls: [{ index: 0, function: { arguments: '{"dispo' } }] }),
        chunk({ tool_calls: [{ index: 1, id: "b", type: "function", function: { name: "end_call", arguments: "{}" } }] }),
        chunk({ tool_calls: [{ index: 0, function: { arguments: 'sition":"x"}' } }] }),
        chunk({}, "tool_calls"),
      ]),
    );
    expect(await collect()).toEqual([
      { kind: "tool_call", call: { id: "a", name: "record_disposition", argumentsJson: '{"disposition":"x"}' } },
      { kind: "tool_call", call: { id: "b", name: "end_call", argumentsJson: "{}" } },
      { kind: "done", inputTokens: 0, outputTokens: 0 },
    ]);
  });

  test.each([
    [401, "invalid_api_key", false],
    [429, "rate_limit_exceeded", true],
    [500, null, true],
    [400, "unsupported_value", false],
  ])("a refusal with %i is told once, retryable: %s %s", async (status, code, retryable) => {
    const { bodies, collect } = await brainAgainst((_, response) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error: { message: "no", type: "t", code, param: null } })));
    const error = await collect().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(VendorError);
    expect(error).toMatchObject({ kind: "brain", code: code ?? String(status), retryable });
    expect(bodies).toHaveLength(1);
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ["that breaks off", (response) => stream(response, [chunk({ content: "Hel" })])],
    ["that is reset", (response) => void (stream(response, [chunk({ content: "Hel" })], false), setImmediate(() => response.destroy()))],
    ["that is no event stream", (response) => stream(response, ["data: <html>\n\n"])],
    ["that is withheld", (response) => stream(response, [chunk({ content: "Hel" }), chunk({}, "content_filter")])],
  ])("a stream %s is an error of the brain, not an end", async (_, answer) => {
    const { collect } = await brainAgainst((__, response) => answer(response));
    await expect(collect()).rejects.toBeInstanceOf(VendorError);
  });

  test("a server that cannot be reached is one too", async () => {
    const brain = openAiBrain({ apiKey: "k", baseUrl: "http://127.0.0.1:9/v1", model: "m", reasoningEffort: null });
    const run = async () => {
      for await (const event of brain.reply(request, new AbortController().signal)) expect(event).toBeUndefined();
    };
    await expect(run()).rejects.toMatchObject({ code: "connection", retryable: true });
  });

  test("an abort ends the stream quietly and closes the request", async () => {
    const closed = Promise.withResolvers<void>();
    const { brain } = await brainAgainst((incoming, response) => {
      incoming.socket.on("close", () => closed.resolve());
      stream(response, [chunk({ content: "Hel" })], false);
    });
    const abort = new AbortController();
    const events: BrainEvent[] = [];
    for await (const event of brain.reply(request, abort.signal)) {
      events.push(event);
      abort.abort();
    }
    expect(events).toEqual([{ kind: "text", delta: "Hel" }]);
    await closed.promise;
  });
});
