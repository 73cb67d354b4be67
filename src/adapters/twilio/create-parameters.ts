import type { CallOrder } from "../../dial/ports.ts";
import { callbackUrls } from "./callback-urls.ts";
import { answerTwiml } from "./twiml.ts";

/**
 * The form of `POST Calls.json` for an order (Twilio's documentation). Always with `Timeout` and `TimeLimit`, which work when
 * every process of ours is dead; always with inline TwiML, so that no request to us stands between pickup and stream.
 */
export function createParameters(order: CallOrder, publicUrl: string) {
  const urls = callbackUrls(publicUrl, order.token);
  return {
    to: order.to,
    from: order.from,
    twiml: answerTwiml(order.answer, { publicUrl, token: order.token }),
    timeout: order.ringSeconds,
    timeLimit: order.maxCallSeconds,
    statusCallback: urls.status,
    statusCallbackMethod: "POST",
    statusCallbackEvent: ["initiated", "ringing", "answered", "completed"],
    fallbackUrl: urls.fallback,
    fallbackMethod: "POST",
    ...(order.detectMachine === "off"
      ? {}
      : {
          machineDetection: order.detectMachine === "message_end" ? "DetectMessageEnd" : "Enable",
          asyncAmd: "true",
          asyncAmdStatusCallback: urls.machine,
          asyncAmdStatusCallbackMethod: "POST",
        }),
  };
}
