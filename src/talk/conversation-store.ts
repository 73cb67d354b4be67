import { z } from "zod";
import type { Db } from "../db/database.ts";
import type { AnsweredBy } from "../domain/attempt.ts";
import type { ConversationResult, TurnLatency } from "../domain/conversation.ts";
import { definitionSchema } from "../domain/definition.ts";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../domain/ids.ts";
import type { AccountVault, Vault } from "../domain/vault.ts";
import { type ConversationPlan, defaultTimings, type Timings } from "./conversation-plan.ts";
import { type ConversationState, type Earlier, noUsage, type Progress, progressOf } from "./conversation-state.ts";
import { resultOf } from "./conversation-result.ts";
import { beginConversation, findCall, type FoundCall, markAlive, writeConversation } from "./conversation.queries.ts";
import { packRecording, type Recording } from "./recording.ts";
import { storedProgress } from "./stored-progress.ts";

/** A call about to be talked: what it is about, and what was said before if it is taken over. */
export interface LoadedCall {
  attemptId: AttemptId;
  accountId: AccountId;
  campaignId: CampaignId;
  contactId: ContactId;
  plan: ConversationPlan;
  earlier: Earlier | undefined;
  /** What the carrier has found out already. */
  answeredBy: AnsweredBy;
  /** Who writes the row from now on: this process and this loading of the call, so that of two in one process only the later writes. */
  owner: string;
}

/** Where conversations are kept: loaded once, written while they go on and at their end. Personal values are sealed. */
export interface ConversationStore {
  /** Undefined when there is no such attempt in the account. */
  load(input: { attemptId: AttemptId; accountId: AccountId }): Promise<LoadedCall | undefined>;
  begin(call: LoadedCall, at: Date): Promise<void>;
  /** Writes what was said so far; false when another process has the conversation now. */
  checkpoint(call: LoadedCall, state: ConversationState, at: Date): Promise<boolean>;
  /** Says that it lives; answers the carrier's verdict, or undefined when another process has it now. */
  alive(call: LoadedCall, at: Date): Promise<AnsweredBy | undefined>;
  finish(call: LoadedCall, end: { result: ConversationResult; progress: Progress; firstSoundMs: number | null; recording: Recording }): Promise<boolean>;
}

const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const turnLatency = z.object({ endOfTurnMs: z.number().nullable(), firstWordMs: z.number().nullable(), firstSoundMs: z.number().nullable(), replyMs: z.number() });
const turns = z.array(
  z.object({
    speaker: z.enum(["agent", "callee"]),
    text: z.string(),
    intended: z.string().exactOptional(),
    startedAtMs: z.number(),
    endedAtMs: z.number(),
    interrupted: z.boolean().exactOptional(),
    latency: turnLatency.exactOptional(),
  }),
);

/** The store of one process, named by `owner`. */
export function conversationStore(deps: { db: Db; vault: Vault; owner: string; timings?: Partial<Timings> }): ConversationStore {
  const { db } = deps;
  let loads = 0;
  return {
    async load(input) {
      const found = await findCall(db, input);
      if (!found) return undefined;
      const vault = await deps.vault.forAccount(input.accountId);
      return {
        attemptId: found.attempt_id,
        accountId: found.account_id,
        campaignId: found.campaign_id,
        contactId: found.contact_id,
        answeredBy: found.answered_by,
        owner: `${deps.owner}/${++loads}`,
        plan: planFor(found, vault, deps),
        earlier: earlierOf(found, vault),
      };
    },
    begin: (call, at) =>
      beginConversation(db, { attemptId: call.attemptId, accountId: call.accountId, campaignId: call.campaignId, contactId: call.contactId, owner: call.owner, language: call.plan.contact.language, at }),
    async checkpoint(call, state, at) {
      const vault = await deps.vault.forAccount(call.accountId);
      const sofar = resultOf(state, { reason: "line_lost", hangupBy: "platform", atMs: at.getTime() });
      return writeConversation(db, { attemptId: call.attemptId, owner: call.owner, set: { ...sealed(sofar, vault, call.attemptId), progress: JSON.stringify(progressOf(state)), last_alive_at: at } });
    },
    alive: (call, at) => markAlive(db, { attemptId: call.attemptId, owner: call.owner, at }),
    async finish(call, { result, progress, firstSoundMs, recording }) {
      const vault = await deps.vault.forAccount(call.accountId);
      const at = new Date(result.endedAtMs);
      return writeConversation(db, {
        attemptId: call.attemptId,
        owner: call.owner,
        set: {
          ...sealed(result, vault, call.attemptId),
          progress: JSON.stringify(progress),
          events_sealed: vault.seal("conversations.events", call.attemptId, await packRecording(recording)),
          last_alive_at: at,
          ended_at: at,
          end_reason: result.endReason,
          hangup_by: result.hangupBy,
          answered_by: result.answeredBy,
          first_sound_ms: firstSoundMs === null ? null : Math.round(firstSoundMs),
        },
      });
    },
  };
}

function planFor(found: FoundCall, vault: AccountVault, deps: { timings?: Partial<Timings> }): ConversationPlan {
  const variables = found.variables_sealed === null ? {} : values.parse(JSON.parse(vault.open("contacts.variables", found.contact_id, found.variables_sealed)));
  return {
    definition: definitionSchema.parse(found.definition),
    contact: {
      name: found.name_sealed === null ? null : vault.open("contacts.name", found.contact_id, found.name_sealed),
      language: found.language,
      variables,
    },
    timings: { ...defaultTimings, ...deps.timings },
    providers: { brains: 1, voices: 1 },
  };
}

function earlierOf(found: FoundCall, vault: AccountVault): Earlier | undefined {
  if (found.started_at === null) return undefined;
  const progress = storedProgress(found.progress ?? {});
  const open = (field: "turns" | "fields" | "summary", value: Buffer | null): string | null => (value === null ? null : vault.open(`conversations.${field}`, found.attempt_id, value));
  return {
    turns: turns.parse(JSON.parse(open("turns", found.turns_sealed) ?? "[]")),
    startedAtMs: found.started_at.getTime(),
    language: found.spoken_language ?? found.language,
    verified: found.verified ?? false,
    optedOut: found.opted_out ?? false,
    disposition: found.disposition,
    fields: values.parse(JSON.parse(open("fields", found.fields_sealed) ?? "{}")),
    summary: open("summary", found.summary_sealed),
    usage: { ...noUsage, ...found.usage },
    ...(progress === undefined ? {} : { progress }),
  };
}

function sealed(result: ConversationResult, vault: AccountVault, attemptId: AttemptId) {
  const latencies: TurnLatency[] = result.turns.flatMap((turn) => (turn.latency === undefined ? [] : [turn.latency]));
  return {
    language: result.language,
    verified: result.verified,
    opted_out: result.optedOut,
    disposition: result.disposition,
    fields_sealed: vault.seal("conversations.fields", attemptId, JSON.stringify(result.fields)),
    summary_sealed: result.summary === null ? null : vault.seal("conversations.summary", attemptId, result.summary),
    turns_sealed: vault.seal("conversations.turns", attemptId, JSON.stringify(result.turns)),
    turn_latencies: JSON.stringify(latencies),
    usage: JSON.stringify(result.usage),
  };
}
