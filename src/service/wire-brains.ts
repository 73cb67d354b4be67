import { openAiBrain } from "../adapters/openai/brain.ts";
import type { Config } from "../config.ts";
import type { Brain } from "../talk/ports.ts";
import type { VendorAccounts } from "./vendor-accounts.ts";

/** Who thinks, in the order in which a call turns to them. */
export function wireBrains(parts: { config: Pick<Config, "models">; accounts: Pick<VendorAccounts, "brain" | "brainFallback"> }): readonly Brain[] {
  const { accounts } = parts;
  const { brain, brainFallback, brainEffort: reasoningEffort } = parts.config.models;
  const first = openAiBrain({ ...accounts.brain, model: brain, reasoningEffort });
  return brainFallback === null ? [first] : [first, openAiBrain({ ...accounts.brainFallback, model: brainFallback, reasoningEffort })];
}
