import type { AccountId, AttemptId, CampaignId } from "../domain/ids.ts";
import type { Paise } from "../domain/money.ts";
import type { NumberKey } from "../domain/vault.ts";

/** What the vendors charge, in paise; configuration, never code. */
export interface Prices {
  /** Per started minute on the carrier's line, used until the carrier has told its own price. */
  carrierPerMinutePaise: Paise;
  /** Per minute of speech listened to. */
  transcriberPerMinutePaise: Paise;
  /** Per thousand characters spoken. */
  voicePerThousandCharactersPaise: Paise;
  /** Per million tokens read by the brain. */
  brainPerMillionInputTokensPaise: Paise;
  /** Per million tokens written by the brain. */
  brainPerMillionOutputTokensPaise: Paise;
}

/** Why collection must rest for a person until a human has looked. */
export type HoldKind = "complaint" | "dispute" | "hardship" | "bereavement" | "not_party";

/** What a settled call may oblige the scrub stage to remember about a number. Each is idempotent. */
export interface ProtectionPort {
  /** The person does not want calls: no further call for any purpose. */
  optOut(input: { accountId: AccountId; campaignId: CampaignId; attemptId: AttemptId; numberKey: NumberKey }): Promise<void>;
  /** Something stands in the way of further collection calls to this number. */
  hold(input: { accountId: AccountId; numberKey: NumberKey; kind: HoldKind; attemptId: AttemptId }): Promise<void>;
}
