import type { AccountId } from "../domain/ids.ts";
import { istText, istTextOrNull } from "../domain/ist-text.ts";
import { type ConsentView, listConsents } from "./consents.ts";
import { type EvidenceView, exportEvidence } from "./export-evidence.ts";
import { type HoldView, listHolds } from "./holds.ts";
import { callsTo, preferenceOf, suppressionsOf } from "./number-dossier.queries.ts";
import { numberKeyOf } from "./number-key-of.ts";
import type { ScrubDeps } from "./ports.ts";

/** Everything that is known of the account's calls to one number, in wire names; instants ISO 8601 with +05:30. */
export interface NumberDossier {
  number_key: string;
  suppressions: { scope: "account" | "platform"; reason: string; source: string; created_at: string; lifted_at: string | null }[];
  preference: { scheme: string; categories: number[]; modes: number[]; bands: number[]; days: number[]; updated_at: string } | null;
  consents: ConsentView[];
  holds: HoldView[];
  calls: { attempt_id: string; campaign: string; purpose: string; sent_at: string; state: string; ending: string | null; disposition: string | null; caller_number: string | null }[];
  evidence: EvidenceView[];
}

/** Answers a regulator's question about one number: who is this to us, was it called, and why or why not? Refuses: 422 `invalid_number`. */
export async function numberDossier(deps: ScrubDeps, input: { accountId: AccountId; number: string }): Promise<NumberDossier> {
  const numberKey = numberKeyOf(deps.vault, input.number);
  const of = { accountId: input.accountId, numberKey };
  const [suppressions, preference, consents, holds, calls] = await Promise.all([
    suppressionsOf(deps.db, of),
    preferenceOf(deps.db, of),
    listConsents(deps, input),
    listHolds(deps, input),
    callsTo(deps.db, of),
  ]);
  return {
    number_key: numberKey,
    suppressions: suppressions.map((row) => ({ ...row, created_at: istText(row.created_at), lifted_at: istTextOrNull(row.lifted_at) })),
    preference: preference ? { ...preference, updated_at: istText(preference.updated_at) } : null,
    consents,
    holds,
    calls: calls.map(({ from_number, sent_at, ...row }) => ({ ...row, sent_at: istText(sent_at), caller_number: from_number })),
    evidence: await allEvidence(deps, input),
  };
}

async function allEvidence(deps: ScrubDeps, input: { accountId: AccountId; number: string }): Promise<EvidenceView[]> {
  let text = "";
  for await (const lines of exportEvidence(deps, input)) text += lines;
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as EvidenceView]));
}

/** The dossier as a page of text for a person. */
export function dossierText(number: string, dossier: NumberDossier): string {
  const { preference } = dossier;
  const sections: [string, string[]][] = [
    ["Do-not-call list", dossier.suppressions.map((row) => `${row.created_at}  ${row.scope}: ${row.reason} (${row.source})${row.lifted_at === null ? "" : `, lifted ${row.lifted_at}`}`)],
    ["Preference register", preference === null ? [] : [`${preference.updated_at}  ${preference.scheme}${codes(preference)}`]],
    ["Consents", dossier.consents.map((row) => `${row.given_at}  ${row.basis} ${row.reference ?? "without reference"}${row.revoked_at === null ? "" : `, withdrawn ${row.revoked_at}`}`)],
    ["Holds", dossier.holds.map((row) => `${row.starts_at}  ${row.kind}${row.ends_at === null ? ", open" : `, until ${row.ends_at}`}`)],
    ["Calls sent", dossier.calls.map((row) => `${row.sent_at}  ${row.campaign} (${row.purpose}) from ${row.caller_number ?? "an unknown number"}: ${row.ending ?? row.state}${row.disposition === null ? "" : `, ${row.disposition}`}`)],
    ["Decisions", dossier.evidence.map((row) => `${row.at}  ${row.decision}: ${row.code}${row.caller_number === null ? "" : ` from ${row.caller_number}`}  [evidence ${row.id}, ${row.seal === null ? "not sealed yet" : `seal ${row.seal}`}]`)],
  ];
  return [`${number}  (key ${dossier.number_key})`, ...sections.flatMap(([title, lines]) => ["", title, ...(lines.length === 0 ? ["  none"] : lines.map((line) => `  ${line}`))])].join("\n");
}

function codes({ categories, modes, bands, days }: NonNullable<NumberDossier["preference"]>): string {
  const parts = Object.entries({ categories, modes, bands, days }).flatMap(([name, list]) => (list.length === 0 ? [] : [`${name} ${list.join(", ")}`]));
  return parts.length === 0 ? "" : `: ${parts.join("; ")}`;
}
