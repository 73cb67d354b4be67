import type { Database } from "../../src/db/database.ts";
import type { Clock } from "../../src/domain/clock.ts";
import type { DefinitionSource } from "../../src/domain/definition.ts";
import { Refusal } from "../../src/domain/errors.ts";
import type { AccountId, CampaignId } from "../../src/domain/ids.ts";
import type { E164 } from "../../src/domain/phone-number.ts";
import type { Random } from "../../src/domain/random.ts";
import type { Vault } from "../../src/domain/vault.ts";
import type { LifecycleDeps } from "../../src/schedule/ports.ts";
import type { ScrubDeps } from "../../src/scrub/ports.ts";
import type { Agenda, Owner } from "../chaos/simulation/agenda.ts";
import type { Campaign, Person, Sender } from "./oracle/truth.ts";

/** A campaign in the product and in truth. */
export interface PlayedCampaign {
  id: CampaignId;
  source: DefinitionSource;
  truth: Campaign;
  sender: PlayedSender;
}

/** A sender, the people it knows, and its account. */
export interface PlayedSender {
  truth: Sender;
  accountId: AccountId;
  numbers: readonly E164[];
  campaigns: PlayedCampaign[];
}

/** What operators and people act upon; everything they do goes through the product's own use cases. */
export interface World {
  agenda: Agenda;
  outside: Owner;
  random: Random;
  database: Database;
  clock: Clock;
  vault: Vault;
  scrub: ScrubDeps;
  lifecycle: LifecycleDeps;
  startMs: number;
  endMs: number;
  senders: PlayedSender[];
}

/** The person behind a number, as the sender knows them. */
export function personOf(sender: PlayedSender, number: string): Person {
  const person = sender.truth.people.get(number);
  if (!person) throw new Error("expected a person the sender knows");
  return person;
}

/** Does something in an operator's name at an instant; the product may refuse it. */
export function act(world: World, atMs: number, what: string, run: () => Promise<void>): void {
  if (atMs < world.startMs || atMs >= world.endMs) return;
  world.agenda.at(atMs, world.outside, what, async () => {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  });
}

/** The bytes of a file as an upload brings them. */
export async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
