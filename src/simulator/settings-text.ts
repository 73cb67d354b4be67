export interface PhoneWorldAccess {
  origin: string;
  accountSid: string;
  authToken: string;
}

/** The settings that point a deployment at a phone world, as lines of an environment file. */
export function settingsText({ origin, accountSid, authToken }: PhoneWorldAccess): string {
  return [
    "# Settings of a deployment that is to call this phone world (its PUBLIC_URL must be reachable from here):",
    `TWILIO_API_BASE_URL=${origin}`,
    `TWILIO_ACCOUNT_SID=${accountSid}`,
    `TWILIO_AUTH_TOKEN=${authToken}`,
    "TWILIO_FROM_NUMBERS=+14155550100",
    `DEEPGRAM_BASE_URL=${origin}`,
    "DEEPGRAM_API_KEY=phone-world",
    `ELEVENLABS_BASE_URL=${origin}`,
    "ELEVENLABS_API_KEY=phone-world",
    `OPENAI_BASE_URL=${origin}/v1`,
    "OPENAI_API_KEY=phone-world",
  ].join("\n");
}
