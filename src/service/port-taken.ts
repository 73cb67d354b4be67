/** Somebody else listens where we were to. A plain mistake of the day: its message says all there is to say. */
export class PortTaken extends Error {
  override readonly name = "PortTaken";

  constructor(port: number, cause: unknown) {
    super(`port ${port} is in use; set PORT to another one, or stop whoever listens there`, { cause });
  }
}

/** The error of a server that could not listen, told as `PortTaken` when that is what it is. */
export function listenError(error: Error, port: number): Error {
  return Reflect.get(error, "code") === "EADDRINUSE" ? new PortTaken(port, error) : error;
}
