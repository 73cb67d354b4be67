import { WebSocket } from "ws";
import type { SimCall } from "./carrier-call.ts";
import type { CarrierContext } from "./carrier-context.ts";
import { rfc2822 } from "./carrier-format.ts";
import type { Callback } from "./carrier-parameters.ts";
import { twilioSignature } from "./carrier-signature.ts";
import { mediaStream } from "./carrier-media.ts";
import type { TwimlElement } from "./twiml-document.ts";

/** How long the handshake of the media socket may take (error 31901 of the carrier). */
const handshakeMs = 10_000;

/**
 * Connects a call to our media socket and resolves when the stream is over, whatever ended it: the call, new TwiML, our
 * side closing the socket, a refusal. The verb after `<Connect>` runs then, unless the call is over.
 */
export function connectStream(context: CarrierContext, call: SimCall, element: TwimlElement, signal: AbortSignal): Promise<void> {
  const { world } = context;
  const url = streamAddress(element.attributes["url"] ?? "");
  const streamSid = world.newSid("MZ", call.random);
  const parameters = Object.fromEntries(element.children.map((child) => [child.attributes["name"] ?? "", child.attributes["value"] ?? ""]));
  if (parameters["token"] === undefined) world.ledger.error("stream_without_token", `stream to ${url} carries no token parameter`, call.sid);
  world.ledger.record({ kind: "stream", streamSid, change: "connecting" }, call.sid);

  const callback = attributeCallback(element);
  const tellStream = (event: string): void => {
    if (!callback) return;
    const form = { AccountSid: world.accountSid, CallSid: call.sid, StreamSid: streamSid, StreamEvent: event, Timestamp: rfc2822(world.clock.nowMs()) };
    void context.webhooks.send({ purpose: "stream", callSid: call.sid, callback, form });
  };

  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const signed = context.options.signsTrailingSlash ? `${url}/` : url;
    const socket = openSocket(url, twilioSignature(world.authToken, signed));
    const handshake = world.clock.setTimer(handshakeMs, () => socket.terminate());
    const giveUp = (): void => socket.terminate();
    signal.addEventListener("abort", giveUp, { once: true });
    let opened = false;
    let refusal = "the handshake failed";
    socket.on("error", (error) => {
      refusal = error.message;
    });
    socket.on("open", () => {
      opened = true;
      tellStream("stream-started");
      handshake.cancel();
      signal.removeEventListener("abort", giveUp);
      mediaStream(context, call, { streamSid, parameters, socket, signal });
    });
    socket.on("close", () => {
      handshake.cancel();
      if (!opened && !signal.aborted) {
        world.ledger.record({ kind: "stream", streamSid, change: "refused" }, call.sid);
        world.ledger.error("stream_refused", `${url}: ${refusal} (31920)`, call.sid);
        tellStream("stream-error");
      } else if (opened) tellStream("stream-stopped");
      resolve();
    });
  });
}

function attributeCallback(element: TwimlElement): Callback | undefined {
  const url = element.attributes["statusCallback"];
  return url === undefined ? undefined : { url, method: element.attributes["statusCallbackMethod"] === "GET" ? "GET" : "POST" };
}

/** Opens a media socket as the carrier would. */
export function openSocket(url: string, signature: string): WebSocket {
  return new WebSocket(url, { perMessageDeflate: false, headers: { "x-twilio-signature": signature, "user-agent": "Twilio.TmeWs/1.0" } });
}

/** The carrier strips query and fragment from a stream's address. */
function streamAddress(url: string): string {
  return url.replace(/[?#].*$/, "");
}
