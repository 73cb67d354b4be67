import type { Readable } from "node:stream";
import busboy from "busboy";
import type { Request } from "express";
import { Refusal } from "../domain/errors.ts";

/**
 * The first file of a `multipart/form-data` body, streaming. Form fields and further files are not looked at. Refuses 400
 * `bad_multipart` when the body is none, and 422 `no_file` when it holds no file.
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
    // One byte more than allowed, so that the reader of the list sees that it is too long.
    return busboy({ headers: request.headers, limits: { files: 8, fields: 64, fieldSize: 4_096, parts: 80, fileSize: maxBytes + 1, headerPairs: 64 } });
  } catch (error) {
    throw new Refusal(400, "bad_multipart", `expected a multipart form: ${error instanceof Error ? error.message : "broken"}`);
  }
}
