import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, describe, expect, test } from "vitest";
import { runningClock } from "../../../src/adapters/system/clock.ts";
import { twilioCarrier } from "../../../src/adapters/twilio/carrier.ts";
import { twilioDialect } from "../../../src/adapters/twilio/dialect.ts";
import { newFactIntake } from "../../../src/dial/fact-intake.ts";
import { placeAttempt } from "../../../src/dial/place-attempt.ts";
import type { DialDeps } from "../../../src/dial/ports.ts";
import { startDialLoops } from "../../../src/dial/start-dial-loops.ts";
import { recordConsentAnswer, resumeCall } from "../../../src/dial/visit-call.ts";
import { istFromMs } from "../../../src/domain/clock.ts";
import type { AttemptId } from "../../../src/domain/ids.ts";
import { carrierWebhooks } from "../../../src/http/carrier-webhooks.ts";
import type { CallFaults } from "../../../src/simulator/faults.ts";
import { type PhoneWorld, startPhoneWorld } from "../../../src/simulator/phone-world.ts";
import { dialWorld, type DialWorld } from "../../dial/dial-world.ts";

const accountSid = "AC00000000000000000000000000000000";
const authToken = "token-of-the-phone-world";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Trial {
  world: DialWorld;
  phones: PhoneWorld;
  deps: DialDeps;
  /** Resolves when the attempt is in one of these states. */
  until(attemptId: AttemptId, ...states: string[]): Promise<Awaited<ReturnType<DialWorld["attempt"]>>>;
}

/**
 * The dial stage with its real adapter and door, and the phone world behind them, on one clock: thirty times as fast as life
 * where nobody must be heard, slower where a word must not be lost to a moment of a busy machine.
 */
async function trial(options: { assign: string; mode?: "consent"; rate?: number }): Promise<Trial> {
  const clock = runningClock({ startMs: istFromMs(Date.parse("2026-12-01T11:00:00+05:30")).toMillis(), rate: options.rate ?? 30 });
  const world = await dialWorld({ clock, definition: options.mode ? { recording: { mode: options.mode } } : {} });
  const phones = await startPhoneWorld({ clock, log: world.log, accountSid, authToken, assign: () => options.assign, callsPerSecond: 50 });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const carrier = twilioCarrier({ accountSid, authToken, apiBaseUrl: phones.origin, publicUrl, clock, exchangeRates: { USD: 8_800 }, timeoutMs: 1_500 });
  const deps = world.otherProcess("dialer-1", { carrier, clock });
  const intake = newFactIntake(deps);
  server.on(
    "request",
    express().use(
      carrierWebhooks({
        dialect: twilioDialect({ accountSid, authTokens: [authToken], publicUrl }),
        clock,
        log: world.log,
        intake,
        recordConsentAnswer: (input) => recordConsentAnswer({ ...deps, facts: intake, optOut: () => Promise.resolve() }, input),
        resumeCall: (input) => resumeCall({ ...deps, facts: intake }, input),
        ackDeadlineMs: 2_000,
      }),
    ),
  );
  const loops = startDialLoops(deps);
  closers.push(
    () => closeServer(server),
    () => phones.close(),
    () => intake.idle(),
    () => loops.stop(),
  );
  return {
    world,
    phones,
    deps,
    async until(attemptId, ...states) {
      for (;;) {
        const attempt = await world.attempt(attemptId);
        if (states.includes(attempt.state)) return attempt;
        await new Promise((resolve) => clock.setTimer(500, () => resolve(undefined)));
      }
    },
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });
}

describe("a call through the real SDK, over the wire, to the phone world and back", () => {
  test("one that nobody answers comes back as signed callbacks and ends where the ledger says", async () => {
    const { world, phones, deps, until } = await trial({ assign: "no_answer" });
    const { attemptId, number } = await world.planned(8);
    expect(await placeAttempt(deps, { attemptId })).toMatchObject({ kind: "placed" });
    const attempt = await until(attemptId, "ended");
    expect(attempt).toMatchObject({ ending: "no_answer", failure_class: "callee" });
    expect(phones.ledger.calls()).toMatchObject([{ to: number, status: "no-answer", callSid: attempt.call_sid }]);
    expect(phones.ledger.errors).toEqual([]);
  });

  const faults: [string, CallFaults][] = [
    ["the answer to placing it is lost", { create: "lost_response" }],
    ["the answer is a server error and the call exists", { create: "error_after" }],
    ["the callbacks come before the answer", { callbackBefore201: true }],
    ["the callbacks come twice and last first", { callbackCopies: 2, callbacksReversed: true }],
    ["the answer is lost and no callback ever comes", { create: "lost_response", callbacksDropped: "all" }],
  ];
  test.each(faults)("rings once when %s", async (_name, fault) => {
    const { world, phones, deps, until } = await trial({ assign: "busy" });
    const { attemptId } = await world.planned(7);
    phones.faults.onNextCall(fault);
    await placeAttempt(deps, { attemptId });
    expect(await until(attemptId, "ended")).toMatchObject({ ending: "busy", call_sid: phones.ledger.calls()[0]?.callSid });
    expect(phones.ledger.calls()).toHaveLength(1);
  });

  test("when the media socket cannot be reached the call is resumed twice and then ended with a word, never silent for long", async () => {
    const { world, phones, deps, until } = await trial({ assign: "pays" });
    const { attemptId } = await world.planned(1);
    await placeAttempt(deps, { attemptId });
    await until(attemptId, "ended");
    const [call] = phones.ledger.calls();
    expect(call?.durationSeconds).toBeLessThan(60);
    const verbs = phones.ledger.events.flatMap((event) => (event.kind === "verb" ? [event.verb] : []));
    expect(verbs.filter((verb) => verb === "Redirect").length).toBe(3);
    expect(verbs.at(-1)).toBe("Hangup");
  });

  test("asks whether the call may be recorded, hears the answer, and records only after a yes", async () => {
    const { world, phones, deps, until } = await trial({ assign: "pays", mode: "consent", rate: 5 });
    const { attemptId } = await world.planned(1);
    await placeAttempt(deps, { attemptId });
    const attempt = await until(attemptId, "ended");
    const answers = phones.ledger.eventsOf("recording_answer").map((event) => event.answer);
    expect(answers).toHaveLength(1);
    expect(attempt.recording_consent).toBe(answers[0] === "yes" ? "given" : "refused");
    expect(phones.ledger.eventsOf("recording").some((event) => event.change === "started")).toBe(answers[0] === "yes");
    expect(phones.ledger.errors.filter((error) => error.code === "recording_without_consent")).toEqual([]);

    const callSid = attempt.call_sid ?? "";
    const started = phones.ledger.eventsOf("recording", callSid).filter((event) => event.change === "started").length;
    expect(await deps.carrier.deleteRecordings({ callSid, recordingSid: attempt.recording_sid })).toBe(started);
    expect(phones.ledger.eventsOf("recording", callSid).filter((event) => event.change === "deleted")).toHaveLength(started);
    expect(await deps.carrier.deleteRecordings({ callSid, recordingSid: attempt.recording_sid }), "nothing is left").toBe(0);
    expect(phones.ledger.errors.filter((error) => error.code === "unknown_route")).toEqual([]);
  });
});
