import type { DateTime } from "luxon";
import { paiseFromRupees, rupeesFromPaise } from "../../../domain/money.ts";
import type { Dialogue } from "./dialogue.ts";
import type { Intent } from "./intents.ts";
import type { FieldQuestion } from "./phrasebook.ts";
import type { KnownDisposition } from "./prompt-reading.ts";
import { type Heard, meaningOf } from "./understanding.ts";

/** What the callee has come to so far, put together from several utterances. */
export interface Settlement {
  intent: Intent;
  disposition: KnownDisposition;
  amountPaise: number | undefined;
  day: DateTime<true> | undefined;
  instant: DateTime<true> | undefined;
  reason: string;
}

const wantedNames: Readonly<Partial<Record<Intent, readonly RegExp[]>>> = {
  opt_out: [/^opt|dnd|do_not_call|unsubscribe/, /not_interested/],
  wrong_number: [/wrong/],
  bereavement: [/bereave|deceas|death/, /hardship|wrong/],
  complaint: [/complain|griev/, /disput/, /refus/],
  dispute: [/disput/, /complain/, /refus|not_interested/],
  hardship: [/hardship/, /refus/],
  refused: [/refus|declin/, /not_interested|cancel/],
  already_paid: [/paid/, /disput/],
  promise: [/promise|will_pay|ptp|commit/],
  callback: [/callback|call_back|call_later/],
  reschedule: [/reschedul|postpone|another_time/, /callback/],
  decline: [/not_interested/, /cancel/, /declin|refus/],
  accept: [/^(?!not_).*(?:confirm|accept|agree|available)/, /^interested/],
};

/** The disposition for what the callee means: the first whose name fits; undefined when the campaign has none. */
export function dispositionFor(dialogue: Dialogue, intent: Intent): KnownDisposition | undefined {
  const known = dialogue.tools.record?.dispositions ?? [];
  for (const wanted of wantedNames[intent] ?? []) {
    const fitting = known.find((disposition) => wanted.test(disposition.name));
    if (fitting !== undefined) return fitting;
  }
  return undefined;
}

/** Puts together what the utterances come to: the last one that means something decides, later ones fill in. */
export function settlementOf(dialogue: Dialogue, utterances: readonly Heard[], owedPaise: number | undefined): Settlement | undefined {
  let current: Settlement | undefined;
  for (const heard of utterances) {
    const intent = meaningOf(heard) ?? impliedMeaning(dialogue, heard, current);
    const disposition = intent && dispositionFor(dialogue, intent);
    if (intent !== undefined && disposition !== undefined && intent !== current?.intent) {
      current = { intent, disposition, amountPaise: undefined, day: undefined, instant: undefined, reason: heard.text.trim() };
    }
    if (current !== undefined) current = filledIn(current, heard, owedPaise);
  }
  return current;
}

/** A day, an amount, a yes or a no mean something only beside the campaign's question. */
function impliedMeaning(dialogue: Dialogue, heard: Heard, current: Settlement | undefined): Intent | undefined {
  if (current !== undefined) return undefined;
  const can = (intent: Intent): boolean => dispositionFor(dialogue, intent) !== undefined;
  const pays = can("promise");
  if (pays && (heard.comingDay !== undefined || heard.amountPaise !== undefined || heard.wholeAmount)) return "promise";
  if (pays && heard.intents.has("yes") && !heard.intents.has("no")) return "promise";
  if (!pays && heard.intents.has("no") && can("decline")) return "decline";
  if (!pays && heard.intents.has("yes") && can("accept")) return "accept";
  return undefined;
}

function filledIn(settlement: Settlement, heard: Heard, owedPaise: number | undefined): Settlement {
  const gone = settlement.intent === "already_paid";
  const half = heard.half && owedPaise !== undefined ? Math.round(owedPaise / 2) : undefined;
  return {
    ...settlement,
    amountPaise: heard.amountPaise ?? half ?? (heard.wholeAmount ? owedPaise : undefined) ?? settlement.amountPaise,
    day: (gone ? heard.goneDay : heard.comingDay) ?? settlement.day,
    instant: heard.instant ?? settlement.instant,
    reason: settlement.reason.includes(heard.text.trim()) ? settlement.reason : `${settlement.reason} ${heard.text.trim()}`,
  };
}

/** The fields for the tool, or the question that must be asked first. */
export function fieldsOf(settlement: Settlement, owedPaise: number | undefined): { ok: true; fields: Record<string, string | boolean> } | { ok: false; ask: FieldQuestion } {
  const { intent, disposition, day, instant, reason } = settlement;
  const amountPaise = settlement.amountPaise ?? owedPaise;
  const fields: Record<string, string | boolean> = {};
  for (const [name, type] of Object.entries(disposition.fields)) {
    if (type === "money") {
      if (amountPaise === undefined) return { ok: false, ask: "pay_amount" };
      fields[name] = rupeesFromPaise(amountPaise);
    } else if (type === "date") {
      const said = day ?? instant;
      if (said === undefined) return { ok: false, ask: intent === "already_paid" ? "paid_day" : "pay_day" };
      fields[name] = said.toFormat("yyyy-MM-dd");
    } else if (type === "datetime") {
      if (instant === undefined) return { ok: false, ask: intent === "callback" ? "callback_time" : "new_time" };
      fields[name] = (day !== undefined && !instant.hasSame(day, "day") ? day.set({ hour: instant.hour, minute: instant.minute }) : instant).toFormat("yyyy-MM-dd'T'HH:mm");
    } else if (type === "boolean") fields[name] = true;
    else fields[name] = reason.slice(0, 400);
  }
  return { ok: true, fields };
}

/** The amount in the facts the agent knows: the first that is money. */
export function owedPaiseIn(facts: readonly { value: string }[]): number | undefined {
  for (const { value } of facts) if (/^(?:₹|rs\.?|inr)/i.test(value.trim())) return paiseFromRupees(value);
  return undefined;
}
