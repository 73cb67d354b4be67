import twilio from "twilio";

export interface TwilioAccount {
  accountSid: string;
  /** The token requests are sent with; while rotating, the newest. */
  authToken: string;
  /** Where the API lives; only loopback may be plain http (checked in config). */
  apiBaseUrl?: string | undefined;
  /** How long one request may take; default 10 s. */
  timeoutMs?: number | undefined;
}

/**
 * The vendor's own client. It never retries by itself: a retry of create-call could ring a person twice and would run
 * out of sight of our pace. Sockets are plenty so that a slow request never makes the next one wait in the pool.
 */
export function twilioClient(account: TwilioAccount): twilio.Twilio {
  const client = twilio(account.accountSid, account.authToken, {
    autoRetry: false,
    timeout: account.timeoutMs ?? 10_000,
    keepAlive: true,
    maxSockets: 200,
    maxTotalSockets: 400,
    env: {},
  });
  if (account.apiBaseUrl !== undefined) client.api.baseUrl = account.apiBaseUrl;
  return client;
}
