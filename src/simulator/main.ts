import { parseArgs } from "node:util";
import { DateTime } from "luxon";
import { runningClock } from "../adapters/system/clock.ts";
import { systemLog } from "../adapters/system/log.ts";
import { IST } from "../domain/clock.ts";
import { maskNumber, readCallerNumber } from "../domain/phone-number.ts";
import type { LedgerEvent } from "./ledger-events.ts";
import type { CallStory } from "./ledger-queries.ts";
import { personaSlots } from "./personas/persona-of.ts";
import { type PhoneWorld, startPhoneWorld } from "./phone-world.ts";
import { settingsText } from "./settings-text.ts";

const usage = "usage: npm run simulator -- [--port 4010] [--seed 7] [--cps 1] [--clock-start 2026-12-01T10:30]";
const accountSid = `AC${"5".repeat(32)}`;
const authToken = "phone-world-token-of-no-value";

/** Runs the phone world alone until it is told to stop, and says how to point a deployment at it. */
async function run(args: string[]): Promise<void> {
  const { port, seed, callsPerSecond, clock } = readCommandLine(args);
  const world = await startPhoneWorld({ clock: runningClock(clock), log: systemLog({ level: "info" }), accountSid, authToken, port, seed, callsPerSecond, keepCalls: 1_000 });
  process.stdout.write(`${settingsText({ origin: world.origin, accountSid, authToken })}\n\nWho picks up, by the last two digits modulo ${personaSlots.length}:\n${slotsText()}\n\n`);
  world.ledger.onEvent((event) => report(world, event));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void world.close());
}

interface CommandLine {
  port: number;
  seed: number | undefined;
  callsPerSecond: number;
  /** Where the clock starts; empty: the present. */
  clock: { startMs?: number };
}

function readCommandLine(args: string[]): CommandLine {
  const { values } = parseArgs({ args, options: { port: { type: "string" }, seed: { type: "string" }, cps: { type: "string" }, "clock-start": { type: "string" } } });
  const number = (name: string, text: string | undefined, otherwise: number): number => {
    const value = text === undefined ? otherwise : Number(text);
    if (!Number.isFinite(value) || value < 0) throw new RangeError(`--${name}: expected a number, got ${text ?? ""}\n${usage}`);
    return value;
  };
  const clockStart = values["clock-start"];
  return {
    port: number("port", values.port, 4_010),
    seed: values.seed === undefined ? undefined : number("seed", values.seed, 1),
    callsPerSecond: number("cps", values.cps, 1) || 1,
    clock: clockStart === undefined ? {} : { startMs: instantMs(clockStart) },
  };
}

/** An ISO instant as the service's `CLOCK_START` takes it: Indian time unless it names its offset. */
function instantMs(text: string): number {
  const instant = DateTime.fromISO(text, { zone: IST });
  if (!instant.isValid) throw new RangeError(`--clock-start: expected an ISO instant such as 2026-12-01T10:30, got ${text}\n${usage}`);
  return instant.toMillis();
}

function slotsText(): string {
  return personaSlots.map((name, slot) => `  ${String(slot).padStart(2, "0")} ${name}`).join("\n");
}

function report(world: PhoneWorld, event: LedgerEvent): void {
  if (event.kind === "error") process.stdout.write(`error  ${event.code}: ${event.detail}\n`);
  const story = event.kind === "ended" && event.callSid !== null ? world.ledger.call(event.callSid) : undefined;
  if (story) process.stdout.write(`${endedText(story, world.ledger.saidText(story.callSid))}\n`);
}

function endedText(story: CallStory, said: string): string {
  const number = readCallerNumber(story.to);
  return `call   ${number ? maskNumber(number) : "?"} ${story.persona} ${story.status} ${story.durationSeconds ?? 0} s, hung up by ${story.hungUpBy ?? "nobody"}${said === "" ? "" : `: "${said}"`}`;
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
