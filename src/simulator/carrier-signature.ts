import { createHmac } from "node:crypto";

/**
 * X-Twilio-Signature: HMAC-SHA1 under the auth token, base64, over the exact URL followed, for form posts, by every
 * parameter's name and value in the order of the names. GET requests and WebSocket upgrades sign the URL alone.
 */
export function twilioSignature(authToken: string, url: string, form: Readonly<Record<string, string>> = {}): string {
  const signed = Object.keys(form)
    .sort()
    .reduce((text, name) => text + name + (form[name] ?? ""), url);
  return createHmac("sha1", authToken).update(signed, "utf8").digest("base64");
}
