import twilio from "twilio";
import type { AnswerPlan } from "../../dial/ports.ts";
import type { Spoken } from "../../domain/recording-notice.ts";
import type { Language } from "../../domain/definition.ts";
import { callbackUrls, mediaUrl } from "./callback-urls.ts";

type VoiceResponse = InstanceType<typeof twilio.twiml.VoiceResponse>;

/** Inline TwiML longer than this is refused by Twilio. */
export const maxTwimlCharacters = 4_000;

/** Voices of `<Say>` that exist for the language (Twilio's documentation); other languages use Twilio's default voice. */
const voices: Partial<Record<Language, "Google.hi-IN-Neural2-A" | "Google.en-IN-Neural2-A">> = {
  "hi-IN": "Google.hi-IN-Neural2-A",
  "en-IN": "Google.en-IN-Neural2-A",
};

/** What the person may answer to "may we record?": helps recognition, decides nothing. */
const consentHints = "haan, ji haan, yes, okay, theek hai, nahi, no, mat karo, हाँ, नहीं";

/**
 * The TwiML of an answer plan. Behind the stream stands a `<Redirect>`: when the socket closes for any reason Twilio
 * asks what to do next, and another process can go on with the conversation. Recording starts only by a `<Recording>`
 * verb that the plan asked for, never by a parameter of the call.
 */
export function answerTwiml(plan: AnswerPlan, context: { publicUrl: string; token: string }): string {
  const response = new twilio.twiml.VoiceResponse();
  const urls = callbackUrls(context.publicUrl, context.token);
  switch (plan.kind) {
    case "hang_up":
      if (plan.farewell) say(response, plan.farewell);
      response.hangup();
      break;
    case "ask_consent": {
      // The notice stands before the gather, not in it: a "hello?" or "haan?" over its first words must not count as a yes.
      say(response, plan.notice);
      response.gather({
        input: ["dtmf", "speech"],
        numDigits: 1,
        timeout: 5,
        speechTimeout: "auto",
        language: heardLanguage(plan.notice.language),
        hints: consentHints,
        action: urls.consent,
        method: "POST",
        actionOnEmptyResult: true,
      });
      response.redirect({ method: "POST" }, urls.consent);
      break;
    }
    case "converse": {
      if (plan.notice) say(response, plan.notice);
      if (plan.record) {
        response.start().recording({
          recordingStatusCallback: urls.recording,
          recordingStatusCallbackMethod: "POST",
          recordingStatusCallbackEvent: ["in-progress", "completed", "absent"],
          channels: "dual",
          trim: "do-not-trim",
        });
      }
      const stream = response.connect().stream({ url: mediaUrl(context.publicUrl) });
      stream.parameter({ name: "token", value: plan.streamToken });
      response.redirect({ method: "POST" }, urls.resume);
      break;
    }
  }
  return response.toString();
}

/** Twilio's speech recognition has no Punjabi; Hindi hears the few words of a yes or no. */
function heardLanguage(language: Language): Exclude<Language, "pa-IN"> {
  return language === "pa-IN" ? "hi-IN" : language;
}

function say(verb: Pick<VoiceResponse, "say">, spoken: Spoken): void {
  const voice = voices[spoken.language];
  verb.say({ language: spoken.language, ...(voice ? { voice } : {}) }, spoken.text);
}
