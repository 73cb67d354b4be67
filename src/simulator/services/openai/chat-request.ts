import { z } from "zod";

const textPart = z.object({ type: z.literal("text"), text: z.string() });
const content = z.union([z.string(), z.array(textPart).min(1)]);
const toolCall = z.object({ id: z.string().min(1), type: z.literal("function"), function: z.object({ name: z.string(), arguments: z.string() }) });
const chatMessage = z.discriminatedUnion("role", [
  z.strictObject({ role: z.enum(["system", "developer"]), content, name: z.string().optional() }),
  z.strictObject({ role: z.literal("user"), content, name: z.string().optional() }),
  z.strictObject({
    role: z.literal("assistant"),
    content: content.nullish(),
    refusal: z.string().nullish(),
    name: z.string().optional(),
    tool_calls: z.array(toolCall).min(1).optional(),
  }),
  z.strictObject({ role: z.literal("tool"), content, tool_call_id: z.string() }),
]);
export type ChatMessage = z.infer<typeof chatMessage>;

const chatTool = z.strictObject({
  type: z.literal("function"),
  function: z.strictObject({
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
    strict: z.boolean().nullish(),
  }),
});
export type ChatTool = z.infer<typeof chatTool>;

/** Everything `POST /v1/chat/completions` knows (openai 7.57, `ChatCompletionCreateParamsBase`). */
const chatRequest = z.strictObject({
  model: z.string(),
  messages: z.array(chatMessage).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_usage: z.boolean().optional(), include_obfuscation: z.boolean().optional() }).nullish(),
  tools: z.array(chatTool).max(128).optional(),
  tool_choice: z.union([z.enum(["none", "auto", "required"]), z.object({ type: z.literal("function"), function: z.object({ name: z.string() }) })]).optional(),
  parallel_tool_calls: z.boolean().optional(),
  reasoning_effort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]).nullish(),
  verbosity: z.enum(["low", "medium", "high"]).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  max_tokens: z.int().min(1).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  n: z.literal(1).nullish(),
  seed: z.int().nullish(),
  user: z.string().optional(),
  safety_identifier: z.string().max(64).nullish(),
  prompt_cache_key: z.string().nullish(),
  prompt_cache_options: z.unknown().optional(),
  prompt_cache_retention: z.enum(["in_memory", "24h"]).nullish(),
  service_tier: z.enum(["auto", "default", "flex", "scale", "priority"]).nullish(),
  store: z.boolean().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  response_format: z.object({ type: z.enum(["text", "json_object", "json_schema"]) }).optional(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  logit_bias: z.record(z.string(), z.number()).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  modalities: z.array(z.enum(["text", "audio"])).nullish(),
  moderation: z.unknown().optional(),
  audio: z.unknown().optional(),
  prediction: z.unknown().optional(),
  web_search_options: z.unknown().optional(),
  functions: z.array(z.unknown()).optional(),
  function_call: z.unknown().optional(),
});
export type ChatRequest = z.infer<typeof chatRequest>;

/** An error of the API, as its body carries it. */
export interface ApiError {
  status: number;
  message: string;
  type: "invalid_request_error" | "rate_limit_error" | "server_error" | "insufficient_quota";
  param: string | null;
  code: string | null;
}

export type ChatReading = { ok: true; request: ChatRequest } | { ok: false; error: ApiError };

/** Reads and checks a request as the API does: unknown parameters, orders of messages and loose schemas are refused. */
export function readChatRequest(body: unknown): ChatReading {
  const parsed = chatRequest.safeParse(body);
  if (!parsed.success) return { ok: false, error: issueAsError(parsed.error.issues[0]) };
  const request = parsed.data;
  const problem = modelProblem(request) ?? parameterProblem(request) ?? messageOrderProblem(request.messages) ?? toolProblem(request.tools ?? []);
  return problem === undefined ? { ok: true, request } : { ok: false, error: problem };
}

function invalid(message: string, param: string | null, code: string | null = null): ApiError {
  return { status: 400, message, type: "invalid_request_error", param, code };
}

function issueAsError(issue: z.core.$ZodIssue | undefined): ApiError {
  const path = issue?.path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("").replace(/^\./, "") ?? "";
  if (issue?.code === "unrecognized_keys") {
    const key = path === "" ? (issue.keys[0] ?? "") : `${path}.${issue.keys[0] ?? ""}`;
    return invalid(`Unknown parameter: '${key}'.`, key, "unknown_parameter");
  }
  return invalid(`Invalid value for '${path}': ${issue?.message ?? "could not parse the JSON body of your request"}.`, path === "" ? null : path, "invalid_value");
}

const reasoningModel = /^gpt-(?:5|6)/;
const knownModel = /^gpt-(?:6(?:\.\d)?-(?:sol|terra|luna|astra)|5(?:\.\d)?(?:-(?:mini|nano|pro|sol|terra|luna))?|4o(?:-mini)?|4\.1(?:-mini|-nano)?)(?:-\d{4}-\d{2}-\d{2})?$/;

function modelProblem({ model }: ChatRequest): ApiError | undefined {
  if (knownModel.test(model)) return undefined;
  return { ...invalid(`The model \`${model}\` does not exist or you do not have access to it.`, null, "model_not_found"), status: 404 };
}

function parameterProblem(request: ChatRequest): ApiError | undefined {
  const reasons = reasoningModel.test(request.model);
  if (!reasons && request.reasoning_effort != null) return invalid("Unrecognized request argument supplied: reasoning_effort", null);
  if (reasons && request.max_tokens != null) {
    return invalid("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "max_tokens", "unsupported_parameter");
  }
  const thinks = reasons && request.reasoning_effort !== "none";
  for (const param of ["temperature", "top_p"] as const) {
    const value = request[param];
    if (thinks && value != null && value !== 1) {
      return invalid(`Unsupported value: '${param}' does not support ${value} with this model. Only the default (1) value is supported.`, param, "unsupported_value");
    }
  }
  if (request.stream_options != null && request.stream !== true) return invalid("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
  const choice = request.tool_choice;
  if (choice !== undefined && (request.tools ?? []).length === 0) return invalid("'tool_choice' is only allowed when 'tools' are specified.", "tool_choice");
  return undefined;
}

function messageOrderProblem(messages: readonly ChatMessage[]): ApiError | undefined {
  let open: string[] = [];
  for (const [at, message] of messages.entries()) {
    if (message.role === "tool") {
      if (!open.includes(message.tool_call_id)) {
        return invalid("Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", `messages.[${at}].role`);
      }
      open = open.filter((id) => id !== message.tool_call_id);
      continue;
    }
    if (open.length > 0) return unanswered(open, at);
    if (message.role !== "assistant") continue;
    open = (message.tool_calls ?? []).map((call) => call.id);
    if (open.length === 0 && message.content == null) return invalid("Invalid value for 'content': expected a string, got null.", `messages.[${at}].content`);
  }
  return open.length > 0 ? unanswered(open, messages.length) : undefined;
}

function unanswered(ids: readonly string[], at: number): ApiError {
  const told = `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(", ")}`;
  return invalid(told, `messages.[${at}].role`);
}

function toolProblem(tools: readonly ChatTool[]): ApiError | undefined {
  for (const [at, { function: tool }] of tools.entries()) {
    const refuse = (what: string): ApiError => invalid(`Invalid schema for function '${tool.name}': ${what}`, `tools[${at}].function.parameters`, "invalid_function_parameters");
    if (tool.parameters !== undefined && tool.parameters["type"] !== "object") return refuse("schema must be a JSON Schema of 'type: \"object\"'.");
    const strictProblem = tool.strict === true ? looseObject(tool.parameters ?? {}, []) : undefined;
    if (strictProblem !== undefined) return refuse(strictProblem);
  }
  return undefined;
}

/** What a strict schema may not leave open: further properties, optional properties. */
function looseObject(schema: Readonly<Record<string, unknown>>, path: readonly string[]): string | undefined {
  const context = `In context=(${path.map((step) => `'${step}'`).join(", ")})`;
  if (schema["type"] === "object") {
    if (schema["additionalProperties"] !== false) return `${context}, 'additionalProperties' is required to be supplied and to be false.`;
    const properties = (schema["properties"] ?? {}) as Record<string, unknown>;
    const required = Array.isArray(schema["required"]) ? schema["required"] : [];
    const missing = Object.keys(properties).find((name) => !required.includes(name));
    if (missing !== undefined) return `${context}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
  }
  for (const [key, value] of Object.entries(schema)) {
    if (typeof value !== "object" || value === null) continue;
    const deeper = looseObject(value as Record<string, unknown>, [...path, key]);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}
