import type { HttpRefusal } from "../refusal.ts";
import type { Misuse } from "../service-deps.ts";

const names = new Set(["model", "encoding", "sample_rate", "container", "bit_rate", "callback", "callback_method", "mip_opt_out", "tag", "speed"]);

/** Checks the query of `/v1/speak` (Deepgram's API reference): Aura-2 voices of its languages, of which Hindi is none. */
export function readSpeakQuery(query: URLSearchParams): { model: string; refusal: HttpRefusal | undefined; misuses: Misuse[] } {
  const model = query.get("model") ?? "aura-2-thalia-en";
  const misuses = [...new Set(query.keys())]
    .filter((name) => !names.has(name))
    .map((name): Misuse => ({ service: "deepgram", code: "unknown_query_parameter", detail: `/v1/speak has no parameter ${name}` }));
  const problem = speakProblem(query, model);
  const refusal = problem === undefined ? undefined : { status: 400, headers: { "dg-error": problem }, body: { err_code: "INVALID_QUERY_PARAMETER", err_msg: problem } };
  return { model, refusal, misuses };
}

function speakProblem(query: URLSearchParams, model: string): string | undefined {
  if (!/^aura-2-[a-z]+-(?:en|es|de|fr|it|ja|nl)$/.test(model)) return "No such model was found.";
  if (query.get("encoding") !== "mulaw") return "This phone world speaks mulaw only.";
  if ((query.get("sample_rate") ?? "8000") !== "8000") return "sample_rate must be 8000 with the audio of a telephone.";
  const container = query.get("container") ?? "none";
  return container === "none" ? undefined : "container must be none: a header would be played as a click.";
}
