import { fork } from "node:child_process";
import { z } from "zod";

/** What a dialer process is told that places calls and notes when each request left. */
export const pacedDialerOptions = z.strictObject({
  name: z.string(),
  databaseUrl: z.string(),
  attemptIds: z.array(z.string()),
  callsPerSecond: z.number(),
  /** Calls placed at once. */
  width: z.number(),
  /** All processes share one clock: it stood at `startMs` when the machine's was at `realStartMs`. */
  startMs: z.number(),
  realStartMs: z.number(),
  /** The process does nothing for `stallMs` every `stallEveryMs`, as one does whose machine is busy; 0: never. */
  stallEveryMs: z.number(),
  stallMs: z.number(),
});
export type PacedDialerOptions = z.infer<typeof pacedDialerOptions>;

const program = new URL("./paced-dialer-child.ts", import.meta.url).pathname;

/** Runs one to its end; answers when each request left, in epoch milliseconds of the shared clock. */
export function runPacedDialer(options: PacedDialerOptions): Promise<number[]> {
  const child = fork(program, { env: { ...process.env, PACED_DIALER: JSON.stringify(options) }, stdio: ["ignore", "inherit", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    let left: number[] | undefined;
    child.on("message", (message) => {
      left = z.array(z.number()).parse(message);
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (left && code === 0) resolve(left);
      else reject(new Error(`expected the dialer to place its calls, it ended with code ${code}`));
    });
  });
}

/** The most instants in any window of one second, its end excluded; `atMs` ascending. */
export function mostInOneSecond(atMs: readonly number[]): number {
  let first = 0;
  let most = 0;
  for (const [index, ms] of atMs.entries()) {
    while ((atMs[first] ?? ms) <= ms - 1_000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** Instants per second, from the first to the last of them; `atMs` ascending. */
export function meanPerSecond(atMs: readonly number[]): number {
  return (atMs.length - 1) / (((atMs.at(-1) ?? 0) - (atMs[0] ?? 0)) / 1_000);
}
