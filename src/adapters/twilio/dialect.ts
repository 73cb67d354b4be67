import type { CarrierDialect } from "../../dial/carrier-dialect.ts";
import { doorPath } from "./callback-urls.ts";
import { readAmdForm, readRecordingForm, readStatusForm, readVisitForm } from "./callback-forms.ts";
import { signatureChecker } from "./signature.ts";
import { answerTwiml } from "./twiml.ts";

export interface TwilioDialectOptions {
  accountSid: string;
  /** Every token that is valid now; more than one while rotating. */
  authTokens: readonly string[];
  /** The origin Twilio reaches, without a trailing slash. */
  publicUrl: string;
}

/** Twilio's callbacks and TwiML. Throws at once when an auth token is missing or empty: such a door would let anybody in. */
export function twilioDialect(options: TwilioDialectOptions): CarrierDialect {
  const genuine = signatureChecker(options);
  return {
    path: doorPath,
    isGenuine({ originalUrl, headers, form }) {
      const signature = headers["x-twilio-signature"];
      return typeof signature === "string" && form["AccountSid"] === options.accountSid && genuine({ originalUrl, signature, form });
    },
    readFact(page, form, receivedAtMs) {
      switch (page) {
        case "status":
          return readStatusForm(form, receivedAtMs);
        case "amd":
          return readAmdForm(form, receivedAtMs);
        case "recording":
          return readRecordingForm(form, receivedAtMs);
      }
    },
    readVisit: readVisitForm,
    answer: (plan, token) => ({ contentType: "text/xml; charset=utf-8", body: answerTwiml(plan, { publicUrl: options.publicUrl, token }) }),
  };
}
