import type { Definition } from "../domain/definition.ts";
import { partyColumn, readsParty } from "../domain/party.ts";
import type { ColumnPlan } from "./column-plan.ts";
import type { CsvRecord } from "./csv-records.ts";
import { type KnownColumn, knownColumns } from "./header-aliases.ts";

/** The columns of contacts that come as JSON objects: the known ones, the definition's variables, and for collection the party. */
export function planOfObjects(definition: Definition): ColumnPlan {
  const variables = [...new Set([...Object.keys(definition.variables), ...(readsParty(definition) ? [partyColumn] : [])])];
  const header = [...new Set<string>([...knownColumns, ...variables])];
  const known: Partial<Record<KnownColumn, number>> = {};
  for (const column of knownColumns) known[column] = header.indexOf(column);
  return { header, width: header.length, known, variables: new Map(variables.map((name) => [name, header.indexOf(name)])), ignored: [] };
}

/**
 * One JSON contact as a record of cells, so that it passes the same checks as a CSV row: `{phone, name, …, variables: {…}}`,
 * variables also flat beside the known keys. A key that is neither is an error, not silence.
 */
export function recordOfObject(contact: unknown, line: number, plan: ColumnPlan): CsvRecord {
  if (typeof contact !== "object" || contact === null || Array.isArray(contact)) return { line, cells: [], broken: "not_an_object" };
  const { variables, ...flat } = contact as Record<string, unknown>;
  const nested = typeof variables === "object" && variables !== null && !Array.isArray(variables) ? Object.entries(variables) : [];
  const values = new Map([...Object.entries(flat), ...nested]);
  const known = [...values.keys()].every((key) => plan.header.includes(key));
  if (!known || (variables !== undefined && nested.length === 0 && !isEmptyObject(variables))) return { line, cells: plan.header.map((key) => cellOf(values.get(key))), broken: "unknown_key" };
  return { line, cells: plan.header.map((key) => cellOf(values.get(key))) };
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
