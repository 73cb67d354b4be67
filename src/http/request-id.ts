import type { RequestHandler, Response } from "express";
import type { Random } from "../domain/random.ts";

const header = "X-Request-Id";

/** Names every request in its answer, in a problem document and in the log. A name that the caller gives is taken when it is harmless. */
export function nameRequests(random: Random): RequestHandler {
  return (request, response, next) => {
    const given = request.get(header);
    const usable = given !== undefined && /^[\w.:-]{8,80}$/.test(given);
    response.setHeader(header, usable ? given : Buffer.from(random.bytes(12)).toString("hex"));
    next();
  };
}

/** The name that `nameRequests` gave. */
export function requestIdOf(response: Response): string {
  return String(response.getHeader(header) ?? "unknown");
}
