import type { LookupAddress } from "node:dns";
import { lookup as systemLookup } from "node:dns/promises";
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "../../domain/public-address.ts";
import type { PostWebhook, WebhookAnswer, WebhookPost } from "../../report/webhooks/ports.ts";

export interface PostWebhookOptions {
  /** Also loopback addresses and plain http to them: for trials on one machine, never in production. */
  allowLoopback: boolean;
  /** All addresses of a name. Default: the system's resolver. */
  resolve?: (hostname: string) => Promise<readonly LookupAddress[]>;
  /** Certificates to trust besides the usual ones. */
  ca?: string;
}

/** Bytes of an answer that are read, and thrown away; more ends the connection. */
const mostAnswerBytes = 64 * 1_024;
const openSocketsPerHost = 8;

class AddressRefused extends Error {}

/**
 * Posts to addresses that customers chose, and to public ones only. The name is resolved in the moment of connecting and every address it
 * leads to must be public; the address that the socket really reached is checked once more before a byte is sent. So a name
 * that answers differently the second time (DNS rebinding) gains nothing, and a redirect is never followed.
 */
export function guardedPost(options: PostWebhookOptions): PostWebhook {
  const agent = new Agent({ keepAlive: true, maxSockets: openSocketsPerHost, timeout: 60_000, ...(options.ca === undefined ? {} : { ca: options.ca }) });
  const lookup = guardedLookup(options);
  return async (post) => {
    try {
      return await send(post, options, { agent, lookup });
    } catch (error) {
      if (error instanceof AddressRefused) return { kind: "address_refused", detail: error.message };
      return { kind: "failed", detail: detailOf(error) };
    }
  };
}

function allowed(address: string, options: PostWebhookOptions): boolean {
  return isPublicAddress(address) || (options.allowLoopback && (address === "127.0.0.1" || address === "::1"));
}

function guardedLookup(options: PostWebhookOptions): LookupFunction {
  const resolve = options.resolve ?? ((hostname: string) => systemLookup(hostname, { all: true }));
  return (hostname, asked, done) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (!first) return done(new Error(`${hostname} leads nowhere`), "");
        if (!addresses.every(({ address }) => allowed(address, options))) return done(new AddressRefused("the name leads to an address that is not public"), "");
        if (asked.all === true) return done(null, [...addresses]);
        return done(null, first.address, first.family);
      },
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), ""),
    );
  };
}

function send(post: WebhookPost, options: PostWebhookOptions, via: { agent: Agent; lookup: LookupFunction }): Promise<WebhookAnswer> {
  const url = new URL(post.url);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !allowed(host, options)) return Promise.reject(new AddressRefused("the address is not public"));
  if (url.protocol !== "https:" && !options.allowLoopback) return Promise.reject(new AddressRefused("expected https"));
  const request: RequestOptions = {
    method: "POST",
    lookup: via.lookup,
    headers: { ...post.headers, "content-length": Buffer.byteLength(post.body) },
    signal: AbortSignal.timeout(post.timeoutMs),
  };
  return new Promise((resolve, reject) => {
    const answered = (answer: IncomingMessage): void => {
      let bytes = 0;
      answer.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostAnswerBytes) answer.destroy();
      });
      answer.on("error", reject);
      answer.on("close", () => resolve({ kind: "answered", status: answer.statusCode ?? 0, retryAfterMs: retryAfterMs(answer.headers["retry-after"]) }));
    };
    const sent = url.protocol === "https:" ? httpsRequest(url, { ...request, agent: via.agent }, answered) : httpRequest(url, request, answered);
    sent.on("error", reject);
    sent.on("socket", (socket) => {
      const checked = (): void => {
        if (socket.remoteAddress !== undefined && !allowed(plain(socket.remoteAddress), options)) sent.destroy(new AddressRefused("the connection led to an address that is not public"));
        else sent.end(post.body);
      };
      if (socket.connecting) socket.once("connect", checked);
      else checked();
    });
  });
}

/** "::ffff:10.0.0.1" is how a dual-stack socket writes an IPv4 address. */
function plain(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}

/** Whole seconds; a date is not worth trusting a stranger's clock for. */
function retryAfterMs(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : null;
}

/** What went wrong, without the address: it may hold the customer's secrets. */
function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return "failed";
  if (error.name === "TimeoutError" || error.name === "AbortError") return "no answer in time";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
