import { placeAttempt } from "../../src/dial/place-attempt.ts";
import type { DialDeps } from "../../src/dial/ports.ts";
import { pause } from "../../src/domain/clock.ts";
import type { AttemptId } from "../../src/domain/ids.ts";

/** Places every attempt, `width` at once; one that is put off comes again when its time has come. Throws when one cannot be placed. */
export async function placeAll(deps: DialDeps, input: { attemptIds: readonly AttemptId[]; width: number }): Promise<void> {
  const queue = [...input.attemptIds];
  const untilPlaced = async (attemptId: AttemptId): Promise<void> => {
    for (;;) {
      const placing = await placeAttempt(deps, { attemptId });
      if (placing.kind === "placed") return;
      if (placing.kind !== "postponed") throw new Error(`expected a call placed or postponed, got ${placing.kind}`);
      await pause(deps.clock, placing.untilMs - deps.clock.nowMs());
    }
  };
  const worker = async (): Promise<void> => {
    for (let attemptId = queue.shift(); attemptId !== undefined; attemptId = queue.shift()) await untilPlaced(attemptId);
  };
  await Promise.all(Array.from({ length: input.width }, worker));
}
