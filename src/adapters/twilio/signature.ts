import twilio from "twilio";
import { deliveryOverride } from "./callback-urls.ts";

export interface SignedRequest {
  /** Path and query exactly as they arrived. */
  originalUrl: string;
  /** The `X-Twilio-Signature` header. */
  signature: string | undefined;
  /** The decoded form of a POST; empty for a GET or a socket upgrade. */
  form: Readonly<Record<string, string>>;
}

/**
 * Checks `X-Twilio-Signature` against the public origin from the configuration, never against a `Host` header. More
 * than one auth token may be valid while rotating. An empty token would accept what anybody signs with an empty key,
 * so such a list is a mistake of the caller and throws.
 */
export function signatureChecker(options: { publicUrl: string; authTokens: readonly string[] }): (request: SignedRequest) => boolean {
  requireSecrets(options.authTokens);
  return ({ originalUrl, signature, form }) => {
    if (signature === undefined || signature === "" || !originalUrl.startsWith("/")) return false;
    const url = `${options.publicUrl}${originalUrl}`;
    return options.authTokens.some((token) => [url, url + deliveryOverride].some((candidate) => twilio.validateRequest(token, signature, candidate, form)));
  };
}

/**
 * The same for the media socket's upgrade, whose signed address is the wss one. Signers disagree about a trailing slash
 * and Twilio's validator adds port 80 to wss, so each spelling of the address is tried; every one needs the secret.
 */
export function upgradeSignatureChecker(options: { publicUrl: string; authTokens: readonly string[] }): (request: Omit<SignedRequest, "form">) => boolean {
  requireSecrets(options.authTokens);
  const socketOrigin = options.publicUrl.replace(/^http/, "ws");
  const withPort = /:\d+$/.test(socketOrigin) ? socketOrigin : `${socketOrigin}:${socketOrigin.startsWith("wss") ? 443 : 80}`;
  return ({ originalUrl, signature }) => {
    if (signature === undefined || signature === "" || !originalUrl.startsWith("/")) return false;
    const addresses = [socketOrigin, withPort, options.publicUrl].flatMap((origin) => [`${origin}${originalUrl}`, `${origin}${originalUrl}/`]);
    return options.authTokens.some((token) => addresses.some((address) => twilio.validateRequest(token, signature, address, {})));
  };
}

function requireSecrets(authTokens: readonly string[]): void {
  if (authTokens.length === 0 || authTokens.some((token) => token.trim().length < 8)) {
    throw new Error("expected every Twilio auth token to be a secret of at least 8 characters");
  }
}
