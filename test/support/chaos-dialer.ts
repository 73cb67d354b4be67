import { type ChildProcess, fork } from "node:child_process";
import { z } from "zod";
import { crashPoints } from "../../src/dial/ports.ts";

/** What a dialer process of a chaos run is told. */
export const chaosDialerOptions = z.strictObject({
  name: z.string(),
  databaseUrl: z.string(),
  carrierOrigin: z.string(),
  accountSid: z.string(),
  authToken: z.string(),
  /** All processes of a run share one clock: it stood at `startMs` when the machine's was at `realStartMs`. */
  startMs: z.number(),
  realStartMs: z.number(),
  rate: z.number(),
  /** The one attempt to place before dying; null: it places whatever is due and looks after every call. */
  attemptId: z.string().nullable(),
  dieAt: z.enum(crashPoints).nullable(),
  /** How long it lives on after placing, milliseconds of its clock. */
  lingerMs: z.number(),
});
export type ChaosDialerOptions = z.infer<typeof chaosDialerOptions>;

const program = new URL("./chaos-dialer-child.ts", import.meta.url).pathname;

/** Starts one; the caller ends it. */
export function startChaosDialer(options: ChaosDialerOptions): ChildProcess {
  return fork(program, { env: { ...process.env, CHAOS_DIALER: JSON.stringify(options) }, stdio: ["ignore", "ignore", "inherit", "ipc"] });
}

/** Resolves when the process is gone, however it went. */
export function gone(child: ChildProcess): Promise<void> {
  return child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((resolve) => child.once("exit", () => resolve()));
}
