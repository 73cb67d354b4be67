/** A refusal of the carrier's REST interface: HTTP status, the carrier's code and its message. */
export interface RestRefusal {
  status: number;
  code: number;
  message: string;
}

export function refusalBody(refusal: RestRefusal): object {
  return { code: refusal.code, message: refusal.message, more_info: `https://www.twilio.com/docs/errors/${refusal.code}`, status: refusal.status };
}

export const unauthorised: RestRefusal = { status: 401, code: 20003, message: "Authenticate" };
export const tooManyRequests: RestRefusal = { status: 429, code: 20429, message: "Too Many Requests" };
export const queueFull: RestRefusal = { status: 400, code: 22005, message: "Call queue holds more than 24 hours of calls" };

export function notFound(path: string): RestRefusal {
  return { status: 404, code: 20404, message: `The requested resource ${path} was not found` };
}

export function bad(code: number, message: string): RestRefusal {
  return { status: 400, code, message };
}
