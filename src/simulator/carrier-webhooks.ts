import type { Callback } from "./carrier-parameters.ts";
import { twilioSignature } from "./carrier-signature.ts";
import type { SentWebhook } from "./carrier-call.ts";
import type { World } from "./world.ts";

export interface Webhook {
  /** "status", "amd", "recording", "twiml", "gather" … for the ledger. */
  purpose: string;
  callSid: string;
  callback: Callback;
  form: Readonly<Record<string, string>>;
  /** Repeats of one event carry one token. */
  idempotencyToken?: string;
  /** Signs with a wrong key, to see whether we let that in. */
  forged?: boolean;
}

export type WebhookAnswer = { ok: true; status: number; body: string } | { ok: false; status: number | null; error: string };

export interface Webhooks {
  /** Delivers one webhook with the retries its URL asks for; never rejects. */
  send(webhook: Webhook): Promise<WebhookAnswer>;
}

/** What a URL's fragment says about delivery (connection overrides), milliseconds. */
interface Delivery {
  retries: number;
  retriesOn: ReadonlySet<string>;
  totalMs: number;
  readMs: number;
}

/** No voice webhook is waited for longer. */
const ceilingMs = 15_000;

export function newWebhooks(world: World, closing: AbortSignal, onSent: (callSid: string, sent: SentWebhook) => void): Webhooks {
  const attempt = async (webhook: Webhook, number: number, timeoutMs: number): Promise<WebhookAnswer> => {
    const startedAtMs = world.clock.nowMs();
    const answer = await exchange(world, closing, webhook, number, timeoutMs);
    const tookMs = world.clock.nowMs() - startedAtMs;
    if (closing.aborted) return answer;
    const { purpose, callSid, callback, form } = webhook;
    world.ledger.record({ kind: "webhook", purpose, url: callback.url, form, attempt: number, status: answer.status, error: answer.ok ? null : answer.error, tookMs }, callSid);
    onSent(callSid, { url: callback.url, method: callback.method, form, atMs: startedAtMs, status: answer.status, tookMs });
    return answer;
  };

  return {
    async send(webhook) {
      const delivery = deliveryOf(webhook.callback.url);
      const deadlineMs = world.clock.nowMs() + delivery.totalMs;
      let answer: WebhookAnswer = { ok: false, status: null, error: "not sent" };
      for (let number = 0; number <= delivery.retries; number += 1) {
        const leftMs = deadlineMs - world.clock.nowMs();
        if (leftMs <= 0) break;
        answer = await attempt(webhook, number, Math.min(delivery.readMs, leftMs));
        if (answer.ok || closing.aborted || !delivery.retriesOn.has(failureKind(answer))) break;
      }
      if (!answer.ok && !closing.aborted && !webhook.forged) world.ledger.error("webhook_failed", `${webhook.purpose} ${webhook.callback.url}: ${answer.error}`, webhook.callSid);
      return answer;
    },
  };
}

async function exchange(world: World, closing: AbortSignal, webhook: Webhook, number: number, timeoutMs: number): Promise<WebhookAnswer> {
  const tooLate = new AbortController();
  const timer = world.clock.setTimer(timeoutMs, () => tooLate.abort());
  try {
    const response = await fetch(...requestOf(world, webhook, number, AbortSignal.any([tooLate.signal, closing])));
    const body = await response.text();
    return response.ok ? { ok: true, status: response.status, body } : { ok: false, status: response.status, error: `status ${response.status}` };
  } catch (error) {
    return { ok: false, status: null, error: tooLate.signal.aborted ? "timed out" : describe(error) };
  } finally {
    timer.cancel();
  }
}

function requestOf(world: World, webhook: Webhook, number: number, signal: AbortSignal): [string, RequestInit] {
  const url = new URL(webhook.callback.url);
  url.hash = "";
  const isGet = webhook.callback.method === "GET";
  if (isGet) for (const [name, value] of Object.entries(webhook.form)) url.searchParams.append(name, value);
  const address = isGet ? url.href : withoutFragment(webhook.callback.url);
  const headers: Record<string, string> = {
    "user-agent": "TwilioProxy/1.1",
    "x-twilio-signature": twilioSignature(webhook.forged ? "not the token" : world.authToken, address, isGet ? {} : webhook.form),
  };
  if (number > 0 || webhook.idempotencyToken !== undefined) headers["i-twilio-idempotency-token"] = webhook.idempotencyToken ?? `${webhook.callSid}-${webhook.purpose}-${webhook.form["SequenceNumber"] ?? ""}`;
  if (isGet) return [address, { method: "GET", headers, signal }];
  return [address, { method: "POST", headers: { ...headers, "content-type": "application/x-www-form-urlencoded; charset=UTF-8" }, body: new URLSearchParams(webhook.form).toString(), signal }];
}

const withoutFragment = (url: string): string => url.split("#")[0] ?? url;

function deliveryOf(url: string): Delivery {
  const overrides = new URLSearchParams(new URL(url).hash.slice(1));
  const number = (name: string, otherwise: number, from: number, to: number): number => {
    const text = overrides.get(name);
    return text === null ? otherwise : Math.min(to, Math.max(from, Number(text) || otherwise));
  };
  const policies = (overrides.get("rp") ?? "ct").split(",");
  return {
    retries: overrides.get("rc") === "0" ? 0 : number("rc", 1, 0, 5),
    retriesOn: new Set(policies.includes("all") ? ["ct", "rt", "4xx", "5xx"] : policies),
    totalMs: number("tt", ceilingMs, 100, ceilingMs),
    readMs: number("rt", ceilingMs, 100, ceilingMs),
  };
}

function failureKind(answer: WebhookAnswer): string {
  if (answer.ok) return "none";
  if (answer.status !== null) return answer.status >= 500 ? "5xx" : "4xx";
  return answer.error === "timed out" ? "rt" : "ct";
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
