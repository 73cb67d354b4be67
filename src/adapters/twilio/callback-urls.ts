/** The addresses the carrier calls back, each carrying the attempt's token in its query. */
export interface CallbackUrls {
  status: string;
  machine: string;
  recording: string;
  consent: string;
  resume: string;
  fallback: string;
}

/** Path under which every callback of this carrier comes in. */
export const doorPath = "/twilio";

/**
 * How hard Twilio tries to deliver, written as the URL's fragment (Connection overrides): five retries on every kind of
 * failure, all inside Twilio's own 15 seconds. The fragment is never sent; whether it is part of what Twilio signs is
 * not documented, so the signature is checked with and without it.
 */
export const deliveryOverride = "#rc=5&rp=all";

/** `publicUrl` is the origin the carrier reaches, without a trailing slash. */
export function callbackUrls(publicUrl: string, token: string): CallbackUrls {
  const url = (page: string): string => `${publicUrl}${doorPath}/${page}?t=${encodeURIComponent(token)}${deliveryOverride}`;
  return { status: url("status"), machine: url("amd"), recording: url("recording"), consent: url("consent"), resume: url("resume"), fallback: url("fallback") };
}

/** The media socket's address: https becomes wss; ws is for loopback only. Twilio strips query strings here, so it has none. */
export function mediaUrl(publicUrl: string): string {
  return `${publicUrl.replace(/^http/, "ws")}/media`;
}

/** The attempt's token in an address made by `callbackUrls`; undefined when there is none. */
export function tokenIn(url: string): string | undefined {
  return URL.canParse(url) ? (new URL(url).searchParams.get("t") ?? undefined) : undefined;
}
