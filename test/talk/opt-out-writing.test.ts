import { expect, test } from "vitest";
import { spokenCall } from "./spoken-call.ts";

async function stopsCalls(optOut: () => Promise<void>) {
  const call = await spokenCall({ optOut });
  await call.pass(2_000);
  call.hear({ kind: "started" });
  call.hear({ kind: "words", text: "please stop calling me" });
  call.hear({ kind: "ended", text: "please stop calling me", languages: [], silentForMs: 200 });
  await call.pass(9_000);
  return call;
}

test("an opt-out that is written is confirmed", async () => {
  const call = await stopsCalls(() => Promise.resolve());
  expect(call.heard().join(" ")).toContain("We will not call you again.");
});

test("an opt-out that cannot be written is not promised, and is tried long after the call", async () => {
  let tries = 0;
  const call = await stopsCalls(() => (++tries < 8 ? Promise.reject(new Error("the database is away")) : Promise.resolve()));
  expect(call.heard().join(" ")).toContain("Thank you for your time. Goodbye.");
  expect(call.heard().join(" ")).not.toContain("not call you again");
  expect(call.result()).toMatchObject({ endReason: "opted_out", optedOut: true, disposition: "opted_out" });
  await call.pass(60_000);
  expect(tries).toBe(8);
});

test("an opt-out whose writing takes longer than a callee waits is not promised either", async () => {
  const call = await stopsCalls(() => new Promise(() => undefined));
  expect(call.heard().join(" ")).toContain("Thank you for your time. Goodbye.");
  expect(call.result()).toMatchObject({ endReason: "opted_out", optedOut: true });
});
