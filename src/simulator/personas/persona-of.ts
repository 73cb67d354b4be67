import { lastTwoDigits } from "./callee-facts.ts";
import { later } from "./later.ts";
import { machines } from "./machines.ts";
import { manners } from "./manners.ts";
import { payers } from "./payers.ts";
import type { Persona } from "./persona.ts";
import { refusers } from "./refusers.ts";

/** Every kind of callee, by name. */
export const personas: ReadonlyMap<string, Persona> = new Map([...payers, ...refusers, ...later, ...manners, ...machines].map((persona) => [persona.name, persona]));

/** Who picks up, by the last two digits of the number modulo 25. */
export const personaSlots = [
  "pays",
  "disputes",
  "call_at_six",
  "interrupts",
  "says_nothing",
  "voicemail",
  "switched_off",
  "busy",
  "no_answer",
  "opts_out",
  "wrong_number",
  "hangs_up_mid_sentence",
  "already_paid",
  "switches_language",
  "slow_talker",
  "backchannels",
  "wrong_birth_year",
  "pays_part",
  "lost_job",
  "not_reachable",
  "not_in_service",
  "relative",
  "asks_if_robot",
  "pays",
  "pays",
] as const;

/** The persona of that name; throws when there is none, because a misspelt name would quietly test something else. */
export function personaNamed(name: string): Persona {
  const persona = personas.get(name);
  if (!persona) throw new RangeError(`expected one of ${[...personas.keys()].join(", ")}, got ${name}`);
  return persona;
}

/** Who picks up at a number. */
export function personaOf(number: string): Persona {
  return personaNamed(personaSlots[lastTwoDigits(number) % personaSlots.length] ?? "pays");
}
