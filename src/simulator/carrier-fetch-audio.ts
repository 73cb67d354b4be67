import type { SimCall } from "./carrier-call.ts";
import type { CarrierContext } from "./carrier-context.ts";

const muLawFormat = 7;
const nothing = new Uint8Array(0);

/** The μ-law audio a `<Play>` names: raw `audio/basic`, or a WAV file whose format is μ-law; otherwise error 12300. */
export async function fetchAudio(context: CarrierContext, call: SimCall, url: string): Promise<Uint8Array> {
  const { ledger } = context.world;
  try {
    const response = await fetch(url, { signal: AbortSignal.any([context.closing, call.over.signal]) });
    const type = response.headers.get("content-type")?.split(";")[0] ?? "";
    const body = new Uint8Array(await response.arrayBuffer());
    const audio = response.ok ? audioIn(type, body) : undefined;
    if (audio) return audio;
    ledger.error("webhook_failed", `<Play> ${url}: status ${response.status}, content type ${type}`, call.sid);
  } catch (error) {
    if (!context.closing.aborted && !call.over.signal.aborted) ledger.error("webhook_failed", `<Play> ${url}: ${String(error)}`, call.sid);
  }
  return nothing;
}

function audioIn(type: string, body: Uint8Array): Uint8Array | undefined {
  if (type === "audio/basic") return body;
  const view = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!/wav/.test(type) || view.length < 44 || view.readUInt16LE(20) !== muLawFormat) return undefined;
  const data = view.indexOf("data", 36, "latin1");
  return data < 0 ? undefined : body.subarray(data + 8);
}
