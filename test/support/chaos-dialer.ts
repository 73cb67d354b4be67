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
  /**
   * `victim`: takes one job from its queue and dies over it. `survivor`: looks after every call, and once told to take over
   * announces what is due and takes the jobs of every queue.
   */
  part: z.enum(["victim", "survivor"]),
  /** Jobs come through these queues, kept in Redis, or in the database where `redisUrl` is null. */
  queue: z.strictObject({ redisUrl: z.string().nullable(), names: z.array(z.string()) }),
  /** After so long without an answer a request to the carrier is given up, milliseconds of its clock. */
  carrierTimeoutMs: z.number(),
  dieAt: z.enum(crashPoints).nullable(),
  /** How long it lives on after placing, milliseconds of its clock. */
  lingerMs: z.number(),
});
export type ChaosDialerOptions = z.infer<typeof chaosDialerOptions>;

const program = new URL("./chaos-dialer-child.ts", import.meta.url).pathname;

/** What a survivor may be told while it runs; it answers each with its kind when it has done it. */
export const chaosDialerMessage = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("take_over") }),
  /** Its clock moves forward by so much. */
  z.strictObject({ kind: z.literal("jump"), byMs: z.number() }),
]);
export type ChaosDialerMessage = z.infer<typeof chaosDialerMessage>;

/** Starts one; the caller ends it. Processes that share a folder for compiled code start in half the time. */
export function startChaosDialer(options: ChaosDialerOptions, compiledFolder: string): ChildProcess {
  return fork(program, { env: { ...process.env, NODE_COMPILE_CACHE: compiledFolder, CHAOS_DIALER: JSON.stringify(options) }, stdio: ["ignore", "ignore", "inherit", "ipc"] });
}

/** Resolves when the process is gone, however it went. */
export function gone(child: ChildProcess): Promise<void> {
  return child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((resolve) => child.once("exit", () => resolve()));
}
