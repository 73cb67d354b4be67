import { Webhook } from "standardwebhooks";
import { addEvent, type EventType } from "../../../src/db/outbox.ts";
import type { AccountId, WebhookEndpointId } from "../../../src/domain/ids.ts";
import { seededRandom } from "../../../src/domain/random.ts";
import { deliverWebhook } from "../../../src/report/webhooks/deliver-webhook.ts";
import type { WebhookAnswer, WebhookDeps, WebhookPost } from "../../../src/report/webhooks/ports.ts";
import { claimDeliveries, fanOutEvents } from "../../../src/report/webhooks/webhook-deliveries.queries.ts";
import { createWebhookEndpoint } from "../../../src/report/webhooks/webhook-endpoints.ts";
import { type ManualClock, manualClock } from "../../support/clock.ts";
import type { TestDatabase } from "../../support/database.ts";
import { type RecordingLog, recordingLog } from "../../support/log.ts";
import { rowWriter } from "../../support/rows.ts";
import { testVault } from "../../support/vault.ts";

let seeds = 0;

export interface ReceivedPost extends WebhookPost {
  id: string;
  atMs: number;
}

export interface WebhookWorld extends WebhookDeps {
  clock: ManualClock;
  log: RecordingLog;
  accountId: AccountId;
  /** Everything that was posted, in order. */
  received: ReceivedPost[];
  /** How endpoints answer; by default with 204. */
  answer: (post: ReceivedPost) => WebhookAnswer | Promise<WebhookAnswer>;
  endpoint(url: string, events?: EventType[]): Promise<{ id: WebhookEndpointId; secret: string }>;
  /** Writes an event into the outbox, as a stage does. */
  event(sequence: number, more?: { type?: EventType; personal?: Record<string, unknown> }): Promise<void>;
  /** Makes every try that is due now, as one process would; answers how many. */
  deliverDue(): Promise<number>;
}

export const ok: WebhookAnswer = { kind: "answered", status: 204, retryAfterMs: null };

/** A sender on a real database with a clock that stands still and endpoints that answer as the test says. */
export async function webhookWorld(database: TestDatabase): Promise<WebhookWorld> {
  const clock = manualClock("2026-11-24T11:00");
  const vault = testVault(database.db);
  const accountId = await rowWriter(database.db, clock, vault).account();
  const random = seededRandom((seeds += 1));
  let subjects = 0;
  const world: WebhookWorld = {
    db: database.db,
    clock,
    wallClock: clock,
    random,
    vault,
    accountId,
    log: recordingLog(),
    received: [],
    answer: () => ok,
    post: async (post) => {
      const received = { ...post, id: post.headers["webhook-id"] ?? "", atMs: clock.nowMs() };
      world.received.push(received);
      return world.answer(received);
    },
    endpoint: (url, events) => createWebhookEndpoint({ ...world, allowLoopback: false }, { accountId, url, ...(events ? { events } : {}) }),
    async event(sequence, more = {}) {
      const account = await vault.forAccount(accountId);
      await database.db.transaction().execute((tx) =>
        addEvent(tx, { clock, random, vault: account }, {
          accountId,
          type: more.type ?? "call.ended",
          subjectId: `00000000-0000-7000-8000-${String((subjects += 1)).padStart(12, "0")}`,
          sequence,
          body: { sequence },
          ...(more.personal ? { personal: more.personal } : {}),
        }),
      );
    },
    async deliverDue() {
      const now = new Date(clock.nowMs());
      while ((await fanOutEvents(database.db, { limit: 100, now })) > 0);
      let tries = 0;
      for (;;) {
        const claimed = await claimDeliveries(database.db, { limit: 50, perEndpoint: 50, rooms: new Map(), now, leaseUntil: new Date(clock.nowMs() + 60_000) });
        if (claimed.length === 0) return tries;
        await Promise.all(claimed.map((delivery) => deliverWebhook(world, delivery)));
        tries += claimed.length;
      }
    },
  };
  return world;
}

/** What the receiver makes of a post with the public library; throws when the signature does not hold. */
export function verified(post: ReceivedPost, secret: string): unknown {
  return new Webhook(secret).verify(post.body, { ...post.headers });
}
