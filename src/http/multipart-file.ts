import type { Readable } from "node:stream";
import busboy from "busboy";
import type { Request } from "express";
import { Refusal } from "../domain/errors.ts";

/** A file on its way in, and the fields that stood before it in the form, in order. */
export interface SentFile {
  source: AsyncIterable<Uint8Array>;
  fields: readonly (readonly [name: string, value: string])[];
}

/**
 * The first file of a `multipart/form-data` body, streaming, with the fields before it. Refuses 400 `bad_multipart` when the body
 * is none, and 422 `no_file` when it holds no file. Reading the file fails with a refusal 413 `body_too_large` above `maxBytes`,
 * and at its end with 422 `field_after_file` (the list was read without what that field asks) or `more_than_one_file`.
 */
export async function multipartFile(request: Request, maxBytes: number): Promise<SentFile> {
  const parser = parserFor(request, maxBytes);
  const found = Promise.withResolvers<SentFile>();
  const whole = Promise.withResolvers<void>();
  // Its reader waits for it at the end of the file; until then, nobody listens.
  whole.promise.catch(() => undefined);
  const fields: (readonly [string, string])[] = [];
  let file: Readable | undefined;
  let late: Refusal | undefined;
  const broken = (error: unknown): void => {
    const refusal = new Refusal(400, "bad_multipart", `expected a multipart form: ${error instanceof Error ? error.message.slice(0, 120) : "broken off"}`);
    found.reject(refusal);
    whole.reject(refusal);
    file?.destroy(refusal);
  };
  parser.on("field", (name, value, info) => {
    if (info.nameTruncated || info.valueTruncated) broken(new Error(`the field ${name.slice(0, 80)} is too long`));
    else if (!file) fields.push([name, value]);
    else late ??= new Refusal(422, "field_after_file", `expected the field ${name.slice(0, 80)} before the file, which is read as it comes`, { path: name.slice(0, 80) });
  });
  parser.on("file", (_name, stream) => {
    if (file) {
      late ??= new Refusal(422, "more_than_one_file", "expected one file; send each list by itself", { path: "file" });
      stream.resume();
      return;
    }
    file = stream;
    // Its reader is told when it reads. Until it does, nobody listens, and an error that nobody hears ends the process.
    stream.on("error", () => undefined);
    // The parser ends a file at its limit as if it were whole: a register cut off in the middle would leave the rest open to calls.
    stream.once("limit", () => stream.destroy(new Refusal(413, "body_too_large", `expected a file of at most ${maxBytes} bytes; send a larger one as the body itself`)));
    found.resolve({ source: toTheEnd(stream, whole.promise), fields });
  });
  for (const limit of ["fieldsLimit", "filesLimit", "partsLimit"]) parser.on(limit, () => broken(new Error("too many parts")));
  parser.on("error", broken);
  parser.on("close", () => {
    found.reject(new Refusal(422, "no_file", "expected a form with a file in it", { path: "file" }));
    if (late) whole.reject(late);
    else whole.resolve();
  });
  request.on("aborted", () => broken(new Error("the connection was cut")));
  request.pipe(parser);
  return found.promise;
}

/** The file's bytes; their end is told only once the rest of the form has come and is in order. */
async function* toTheEnd(file: Readable, whole: Promise<void>): AsyncGenerator<Uint8Array> {
  yield* file as AsyncIterable<Uint8Array>;
  await whole;
}

function parserFor(request: Request, maxBytes: number): busboy.Busboy {
  try {
    // The limit is only told of when it is reached, so a file of exactly `maxBytes` has one byte left.
    return busboy({ headers: request.headers, defParamCharset: "utf8", limits: { files: 8, fields: 64, fieldNameSize: 200, fieldSize: 4_096, parts: 80, fileSize: maxBytes + 1, headerPairs: 64 } });
  } catch (error) {
    throw new Refusal(400, "bad_multipart", `expected a multipart form: ${error instanceof Error ? error.message : "broken"}`);
  }
}
