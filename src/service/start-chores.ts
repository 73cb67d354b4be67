import { guardedPost } from "../adapters/system/post-webhook.ts";
import { repeat } from "../dial/repeat.ts";
import { withPatience } from "../db/patience.ts";
import type { Liveness, LoopTraits } from "../domain/liveness.ts";
import type { Log } from "../domain/log.ts";
import type { Random } from "../domain/random.ts";
import { forgetOldAnswers } from "../http/idempotency.ts";
import { failAbandonedImports } from "../intake/fail-abandoned-imports.ts";
import type { IntakeDeps } from "../intake/ports.ts";
import { startWebhookSender } from "../report/webhooks/start-webhook-sender.ts";
import type { ScrubDeps } from "../scrub/ports.ts";
import { newEvidenceSealer } from "../scrub/seal-evidence.ts";
import { sweepConversations } from "../talk/sweep-conversations.ts";
import type { Storage } from "./open-storage.ts";
import type { Dialing } from "./wire-dialing.ts";

export interface ChoreParts {
  storage: Storage;
  random: Random;
  log: Log;
  liveness: Liveness;
  dialing: Dialing;
  scrub: ScrubDeps;
  intake: IntakeDeps;
  /** Whether webhooks may go to this machine: for trials. */
  allowLoopback: boolean;
}

const hourMs = 3_600_000;
const housekeeping: LoopTraits = { deadlineMs: hourMs };

/**
 * What every process does beside its role: looking after open calls, settling, sealing evidence, sending webhooks, ending
 * what a crash left open. Each claims the rows it works on, so any number of processes may do it.
 */
export function startChores(parts: ChoreParts): { stop(): Promise<void> } {
  const { storage, random, log, dialing } = parts;
  const { clock, wallClock, vault } = storage;
  const { db } = storage.database;
  const sealer = newEvidenceSealer(parts.scrub);
  const post = guardedPost({ allowLoopback: parts.allowLoopback });
  const looping = { clock, log, liveness: parts.liveness };
  const chores = [
    dialing.lookAfterCalls(),
    startWebhookSender({ db, clock, wallClock, random, vault, post, log: log.child({ part: "webhooks" }) }),
    repeat(looping, "seal evidence", 5_000, () => sealer.tick()),
    repeat(looping, "end abandoned conversations", 10_000, () => sweepConversations({ db, clock, log, onEnded: dialing.settle })),
    repeat(looping, "fail abandoned imports", hourMs, () => failAbandonedImports(parts.intake), housekeeping),
    repeat(looping, "forget answers kept for replays", hourMs, () => withPatience("housekeeping", () => forgetOldAnswers({ db, clock })), housekeeping),
  ];
  return { stop: async () => void (await Promise.all(chores.map((chore) => chore.stop()))) };
}
