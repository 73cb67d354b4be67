import { describe, expect, it } from "vitest";
import { startOf } from "./ist.ts";
import { judgeCall } from "./judge-call.ts";
import type { Campaign, LedgerCall, Person, Sender } from "./truth.ts";

const at = (text: string): number => startOf(text.slice(0, 10)) + (Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16))) * 60_000 + Number(text.slice(17, 19) || 0) * 1_000;
const number = "+916000010001";
const long = { fromMs: at("2026-01-01 00:00"), toMs: null };

/** A call to which nobody could object, with the truth changed as the example says. */
function call(when: string, campaign: Partial<Campaign> = {}, person: Partial<Person> = {}, sender: Partial<Sender> = {}): LedgerCall {
  const promotional = campaign.purpose === "promotional";
  const from = promotional ? "+911401234567" : "+911600123456";
  const known: Person = { number, suppressed: [], refusals: [], holds: [], consents: [], choices: [], ...person };
  const business: Sender = {
    name: "lender",
    papers: [{ kind: "registration", numbers: [], ...long }, { kind: "a2p_declaration", numbers: [from], ...long }],
    grievances: [],
    people: new Map([[number, known]]),
    ...sender,
  };
  const run = { recordedAtMs: at(`${when.slice(0, 10)} 00:30`), scrubbedAtMs: at(`${when.slice(0, 10)} 00:15`), category: 1, said: new Map([[number, "clear" as const]]) };
  return {
    receivedAtMs: at(when),
    leftAtMs: at(when) - 200,
    to: number,
    from,
    campaign: {
      name: "campaign",
      sender: business,
      purpose: "collection",
      sector: "lending",
      microfinance: false,
      mayTransfer: false,
      category: promotional ? 1 : null,
      basis: promotional ? null : "inferred",
      acknowledged: [],
      windows: [{ fromMs: 0, hours: null }],
      caps: [{ fromMs: 0, perDay: 2, perWeek: 3 }],
      pausesAt: null,
      running: [long],
      runs: promotional ? [run] : [],
      contacts: new Map([[number, { addedAtMs: at("2026-01-02 00:00"), notBeforeMs: null, notAfterMs: null, party: null }]]),
      ...campaign,
    },
  };
}
const objections = (of: LedgerCall, earlier: LedgerCall[] = []): string => judgeCall(of, earlier).join("; ");
const promotional = { purpose: "promotional" } as const;
const optOuts = (when: string): Sender["grievances"] => ["a", "b", "c"].map((person) => ({ person, kind: "opt_out", atMs: at(when) }));

describe("the oracle", () => {
  it.each([
    ["collection 19:00 is outside", call("2026-12-31 19:00"), "outside the hours"],
    ["collection 18:59 is inside", call("2026-12-31 18:59"), ""],
    ["microfinance 18:00 in 2026", call("2026-12-31 18:00", { microfinance: true }), "outside the hours"],
    ["microfinance 18:00 in 2027", call("2027-01-01 18:00", { microfinance: true }), ""],
    ["microfinance 08:00 in 2027", call("2027-01-01 08:00", { microfinance: true }), ""],
    ["promotional 21:00", call("2026-12-01 21:00", promotional), "outside the hours"],
    ["promotional 20:59", call("2026-12-01 20:59", promotional), ""],
    ["reminder 20:00", call("2026-12-01 20:00", { purpose: "reminder" }), "outside the hours"],
    ["the campaign's own hours", call("2026-12-01 15:00", { windows: [{ fromMs: 0, hours: { from: "10:00", to: "14:00", days: null } }] }), "own hours"],
    ["a paused campaign", call("2026-12-01 15:00", { running: [{ fromMs: 0, toMs: at("2026-12-01 14:00") }] }), "did not run"],
    ["suppressed a minute ago", call("2026-12-01 15:00", {}, { suppressed: [{ fromMs: at("2026-12-01 14:59"), toMs: null }] }), "do-not-call"],
    ["suppressed half a second before it left", call("2026-12-01 15:00", {}, { suppressed: [{ fromMs: at("2026-12-01 15:00") - 700, toMs: null }] }), ""],
    ["an open complaint", call("2026-12-01 15:00", {}, { holds: [{ kind: "complaint", wish: null, id: null, ...long }] }), "hold is open"],
    ["a wish for the evening", call("2026-12-01 15:00", {}, { holds: [{ kind: "hours", wish: { mode: "only", from: "18:00", to: "19:00", days: null }, id: null, ...long }] }), "other hours"],
    ["no scrub of today", call("2026-12-01 15:00", { ...promotional, runs: [] }), "never scrubbed"],
    ["not registered", call("2026-12-01 15:00", {}, {}, { papers: [] }), "not registered"],
    ["three complaints in ten days", call("2026-12-01 15:00", {}, {}, { grievances: ["a", "b", "c"].map((person) => ({ person, kind: "complaint" as const, atMs: at("2026-11-25 12:00") })) }), "3 people complained"],
    ["three complaints eleven days ago", call("2026-12-01 15:00", {}, {}, { grievances: ["a", "b", "c"].map((person) => ({ person, kind: "complaint" as const, atMs: at("2026-11-20 12:00") })) }), ""],
    ["three opt-outs of reminders", call("2026-12-01 15:00", {}, {}, { grievances: optOuts("2026-11-25 12:00") }), ""],
    ["three opt-outs of reminders where the campaign pauses at three", call("2026-12-01 15:00", { pausesAt: 3 }, {}, { grievances: optOuts("2026-11-25 12:00") }), "the campaign pauses at 3"],
    ["three opt-outs of reminders where the campaign pauses at four", call("2026-12-01 15:00", { pausesAt: 4 }, {}, { grievances: optOuts("2026-11-25 12:00") }), ""],
    ["a 140 number for a collection call", { ...call("2026-12-01 15:00"), from: "+911401234567" }, "without its series"],
    ["an enquiry of eight days", call("2026-12-09 15:00", { ...promotional, basis: "enquiry" }, { consents: [{ basis: "enquiry", givenAtMs: at("2026-12-01 12:00"), endsAtMs: null, revokedAtMs: null, onDlt: false }] }), "no enquiry consent"],
  ])("says of %s what the texts say", (_, of, expected) => {
    if (expected === "") expect(objections(of)).toBe("");
    else expect(objections(of)).toContain(expected);
  });

  it.each([
    ["FULLY BLOCK", { scheme: "full_block" as const }, "registered full_block"],
    ["a registration of 2010", { scheme: "legacy" as const }, "registered legacy"],
    ["category 1", { categories: [1] }, "category"],
    ["category 2", { categories: [2] }, ""],
    ["robo-calls", { modes: [15] }, "machines"],
    ["SMS only", { modes: [12] }, ""],
    ["the afternoon", { bands: [26] }, "time band"],
    ["Tuesdays", { days: [32] }, "this day"],
    ["public holidays, on a day that is none", { days: [38] }, ""],
  ])("reads a block of %s", (_, choice, expected) => {
    const of = call("2026-12-01 15:00", promotional, { choices: [{ fromMs: 0, choice: { scheme: "partial", categories: [], modes: [], bands: [], days: [], ...choice } }] });
    if (expected === "") expect(objections(of)).toBe("");
    else expect(objections(of)).toContain(expected);
  });

  it("counts calls per day and week over all campaigns of a sender", () => {
    const today = call("2026-12-01 15:00");
    const same = (when: string): LedgerCall => ({ ...call(when), campaign: { ...today.campaign, name: "another" } });
    expect(objections(today, [same("2026-12-01 09:00")])).toBe("");
    expect(objections(today, [same("2026-12-01 09:00"), same("2026-12-01 10:00")])).toContain("call 3 of a day");
    expect(objections(today, [same("2026-11-26 09:00"), same("2026-11-27 10:00"), same("2026-11-28 10:00")])).toContain("call 4 of seven days");
  });
});
