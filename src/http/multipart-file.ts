import type { Readable } from "node:stream";
import busboy from "busboy";
import type { Request } from "express";
import { Refusal } from "../domain/errors.ts";

/**
 * The first file of a `multipart/form-data` body, streaming. Form fields and further files are not looked at. Refuses 400
 * `bad_multipart` when the body is none, and 422 `no_file` when it holds no file; reading a file above `maxBytes` fails with a refusal 413
 * `body_too_large`.
 */
export async function multipartFile(request: Request, maxBytes: number): Promise<AsyncIterable<Uint8Array>> {
  const parser = parserFor(request, maxBytes);
  const found = Promise.withResolvers<Readable>();
  let file: Readable | undefined;
  parser.on("file", (_name, stream) => {
    if (file) {
      stream.resume();
      return;
    }
    file = stream;
    // Its reader is told when it reads. Until it does, nobody listens, and an error that nobody hears ends the process.
    stream.on("error", () => undefined);
    // The parser ends a file at its limit as if it were whole: a register cut off in the middle would leave the rest open to calls.
    stream.once("limit", () => stream.destroy(new Refusal(413, "body_too_large", `expected a file of at most ${maxBytes} bytes; send a larger one as the body itself`)));
    found.resolve(stream);
  });
  const broken = (error: unknown): void => {
    const refusal = new Refusal(400, "bad_multipart", `expected a multipart form: ${error instanceof Error ? error.message.slice(0, 120) : "broken off"}`);
    found.reject(refusal);
    file?.destroy(refusal);
  };
  parser.on("error", broken);
  parser.on("close", () => found.reject(new Refusal(422, "no_file", "expected a form with a file in it")));
  request.on("aborted", () => broken(new Error("the connection was cut")));
  request.pipe(parser);
  return found.promise;
}

function parserFor(request: Request, maxBytes: number): busboy.Busboy {
  try {
    // The limit is only told of when it is reached, so a file of exactly `maxBytes` has one byte left.
    return busboy({ headers: request.headers, limits: { files: 8, fields: 64, fieldSize: 4_096, parts: 80, fileSize: maxBytes + 1, headerPairs: 64 } });
  } catch (error) {
    throw new Refusal(400, "bad_multipart", `expected a multipart form: ${error instanceof Error ? error.message : "broken"}`);
  }
}
