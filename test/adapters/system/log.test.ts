import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { systemLog } from "../../../src/adapters/system/log.ts";
import { redactText } from "../../../src/adapters/system/redact.ts";
import { VendorError } from "../../../src/domain/errors.ts";

const ownSecrets = ["correct horse battery", "zXcVbNm1234567"];

function logged(write: (log: ReturnType<typeof systemLog>) => void): string {
  let out = "";
  write(systemLog({ level: "debug", secrets: ownSecrets, destination: { write: (line) => void (out += line) } }));
  return out;
}

/** Each as it would be written, and the part that must not be seen. */
const secrets: readonly [text: string, secret: string][] = [
  ["Authorization: Bearer abcdef0123456789XYZ", "abcdef0123456789XYZ"],
  ["authorization: basic QUM5OTk6c2VjcmV0", "QUM5OTk6c2VjcmV0"],
  ["Token 8f3b2c1d9e8f7a6b5c4d", "8f3b2c1d9e8f7a6b5c4d"],
  ["postgres://dialer:hunter2hunter@db:5432/x", "hunter2hunter"],
  ["redis://:s3cretpw@cache:6379", "s3cretpw"],
  ["amqps://user:p%40ss@host", "p%40ss"],
  ["https://shop.example/twilio/status?t=AbCdEf123456", "AbCdEf123456"],
  ["wss://host/media?token=QwErTy987654", "QwErTy987654"],
  ["GET /x?a=1&signature=deadbeefcafe", "deadbeefcafe"],
  ["https://api.example/v1?api_key=kkkk1111", "kkkk1111"],
  ["password=opensesame", "opensesame"],
  ['{"secret":"opensesame"}', "opensesame"],
  ["TWILIO_AUTH_TOKEN=abcd1234efgh", "abcd1234efgh"],
  ["DATA_KEY: q83vASNFZ4mrze8BI0Vniavvy80BI0VniavN7wEjRWc=", "q83vASNFZ4mrze8BI0Vniavvy80BI0VniavN7wEjRWc="],
  ["root q83vASNFZ4mrze8BI0Vniavvy80BI0VniavN7wEjRWc=", "q83vASNFZ4mrze8BI0Vniavvy80BI0VniavN7wEjRWc="],
  ["sk-proj-abcDEF1234567890", "abcDEF1234567890"],
  ["sk_live_abcDEF1234567890", "abcDEF1234567890"],
  ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
  ["vd_live_0123456789abcdefXYZ", "0123456789abcdefXYZ"],
  ["ghp_abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijklmnopqrstuvwxyz0123456789"],
  ["github_pat_11ABCDEFG0abcdefghijkl", "11ABCDEFG0abcdefghijkl"],
  ["glpat-abcdefghij1234567890", "abcdefghij1234567890"],
  ["xoxb-123456789012-abcdefghij", "123456789012-abcdefghij"],
  ["AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"],
  ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sflKxwRJSMeKKF2QT4", "eyJzdWIiOiIxIn0"],
  ["auth 0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"],
  ["key 0123456789abcdef0123456789abcdef01234567", "0123456789abcdef0123456789abcdef01234567"],
  ["-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----", "MIIEvQIBADANBg"],
  ["it was correct horse battery, really", "correct horse battery"],
  ["xx zXcVbNm1234567 yy", "zXcVbNm1234567"],
];

const paths: Record<string, (text: string) => string> = {
  sentence: (text) => logged((log) => log.info(text)),
  field: (text) => logged((log) => log.warn("said", { detail: text })),
  "nested field": (text) => logged((log) => log.error("said", { a: [{ b: { c: text } }] })),
  "field name": (text) => logged((log) => log.debug("said", { [text]: 1 })),
  "child's field": (text) => logged((log) => log.child({ detail: text }).info("said")),
  "grandchild's sentence": (text) => logged((log) => log.child({ a: 1 }).child({ b: 2 }).error(text)),
  "error's message": (text) => logged((log) => log.error("failed", { error: new Error(text) })),
  "error's cause": (text) => logged((log) => log.error("failed", { error: new VendorError("carrier", "x", "bad", false, new Error(text)) })),
  "thrown text": (text) => logged((log) => log.error("failed", { error: text })),
  "aggregate error": (text) => logged((log) => log.error("failed", { error: new AggregateError([new Error(text)], "all") })),
};

describe("R5.13 the log shows no secret and nobody's number", () => {
  it.each(Object.entries(paths))("hides thirty shapes of secrets in a %s", (_path, write) => {
    for (const [text, secret] of secrets) {
      const line = write(text);
      expect(line).not.toContain(secret);
      expect(line).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
  });

  it.each(Object.entries(paths))("hides numbers however they are typed in a %s", (_path, write) => {
    const mobile = fc.tuple(fc.constantFrom("6", "7", "8", "9"), fc.stringMatching(/^\d{9}$/)).map(([first, rest]) => first + rest);
    const typed = fc.constantFrom<(digits: string) => string>(
      (digits) => digits,
      (digits) => `+91${digits}`,
      (digits) => `0${digits}`,
      (digits) => `91${digits}`,
      (digits) => `0091${digits}`,
      (digits) => `+91 ${digits.slice(0, 5)} ${digits.slice(5)}`,
      (digits) => `${digits.slice(0, 5)}-${digits.slice(5)}`,
      (digits) => `${digits.slice(0, 4)} ${digits.slice(4, 7)} ${digits.slice(7)}`,
      (digits) => `(+91)-${digits}`,
    );
    fc.assert(
      fc.property(mobile, typed, (digits, type) => {
        const line = write(`could not call ${type(digits)}: busy`);
        return !line.replaceAll(/\D/g, "").includes(digits);
      }),
      { numRuns: 40 },
    );
  });

  it("hides personal fields by their names at any depth, and numbers stored as numbers", () => {
    const line = logged((log) =>
      log.info("imported", { phone: "+919876543210", name: "Asha Patel", text: "namaste", contact: { Name: "Asha Patel", digits: 919_876_543_210 }, api_key: "k" }),
    );
    expect(JSON.parse(line)).toMatchObject({ phone: "[hidden]", name: "[hidden]", text: "[hidden]", contact: { Name: "[hidden]", digits: "[phone]" }, api_key: "[hidden]" });
    expect(line).not.toContain("Asha");
  });

  it("strips what vendors hang onto their errors", () => {
    const error = Object.assign(new Error("Request failed"), {
      code: "ETIMEDOUT",
      status: 504,
      config: { headers: { Authorization: "Basic xyz" }, data: "To=%2B919876543210" },
      request: { body: "Asha" },
      moreInfo: "Asha",
    });
    const line = JSON.parse(logged((log) => log.error("failed", { error }))) as { error: Record<string, unknown> };
    expect(Object.keys(line.error).sort()).toEqual(["at", "code", "kind", "message", "status"]);
    expect(line.error).toMatchObject({ kind: "Error", code: "ETIMEDOUT", status: 504, message: "Request failed" });
  });

  it("does not repeat the input that a parser or Postgres quotes", () => {
    let quoted: unknown;
    try {
      JSON.parse('Asha Patel said "haan"');
    } catch (error) {
      quoted = error;
    }
    const postgres = Object.assign(new Error('invalid input syntax for type integer: "Asha Patel"'), { code: "22P02", detail: "Key (name)=(Asha Patel)" });
    expect(logged((log) => log.error("failed", { error: quoted }))).not.toContain("Asha");
    expect(logged((log) => log.error("failed", { error: postgres }))).not.toContain("Asha");
  });

  it("keeps what an operator needs: ids, instants, durations, amounts, call SIDs", () => {
    const fields = {
      attempt: "0194f3b2-7c1e-7abc-8def-987654321012",
      call_sid: "CA0123456789abcdef0123456789abcdef",
      at: "2026-12-01T10:00:00.000+05:30",
      atMs: 1_764_567_890_123,
      tookMs: 250,
      costPaise: 123_456,
      url: "http://127.0.0.1:41235/v1/listen?model=nova-3",
    };
    expect(JSON.parse(logged((log) => log.info("placed a call", fields)))).toMatchObject({ level: "info", sentence: "placed a call", ...fields });
  });

  it("survives any field a caller may pass", () => {
    const loop: Record<string, unknown> = { big: 10n, when: new Date(Number.NaN), bytes: Buffer.from("Asha"), make: () => 1, map: new Map([["phone", "1"]]) };
    loop["self"] = loop;
    expect(() => logged((log) => log.info("said", loop))).not.toThrow();
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), (fields) => {
        logged((log) => log.info("said", fields));
      }),
    );
  });

  it("R5.14 reads ten kilobytes of anything in a few milliseconds", () => {
    for (const hostile of ["9", "9 ", "+9-", "a://", "?t=", "-----BEGIN PRIVATE KEY-----", "eyJa.", "sk-", "password=", "password ", '"', "a_", "Bearer  "]) {
      const text = hostile.repeat(Math.ceil(10_000 / hostile.length));
      const beganMs = performance.now();
      redactText(text);
      expect(performance.now() - beganMs).toBeLessThan(50);
    }
  });
});
