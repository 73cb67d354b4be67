import type { Definition } from "../domain/definition.ts";
import { partyColumn, readsParty } from "../domain/party.ts";
import type { ColumnPlan } from "./column-plan.ts";
import type { CsvRecord } from "./csv-records.ts";
import { headerKey, isAliasOf, type KnownColumn, knownColumns } from "./header-aliases.ts";
import type { RowProblem } from "./reject-reasons.ts";

/** The columns of contacts that come as JSON objects, and which of them a key stands for. */
export interface ObjectPlan extends ColumnPlan {
  /** The column that a key names, written as lists write their headers; undefined when it names none. */
  columnOf(key: string): string | undefined;
}

/** The names that may hold a definition's values: its variables, and for collection the party. */
export function variableNames(definition: Definition): string[] {
  return [...new Set([...Object.keys(definition.variables), ...(readsParty(definition) ? [partyColumn] : [])])];
}

/** The columns of contacts that come as JSON objects: the known ones, the definition's variables, and for collection the party. */
export function planOfObjects(definition: Definition): ObjectPlan {
  const variables = variableNames(definition);
  const header = [...new Set<string>([...knownColumns, ...variables])];
  const known: Partial<Record<KnownColumn, number>> = {};
  for (const column of knownColumns) known[column] = header.indexOf(column);
  const labelled = new Map(Object.entries(definition.variables).flatMap(([name, { label }]) => (label === undefined ? [] : [[headerKey(label), name] as const])));
  const columnOf = (key: string): string | undefined => {
    if (header.includes(key)) return key;
    const plain = headerKey(key);
    return header.includes(plain) ? plain : (labelled.get(plain) ?? knownColumns.find((column) => isAliasOf(column, plain)));
  };
  return { header, width: header.length, known, variables: new Map(variables.map((name) => [name, header.indexOf(name)])), ignored: [], columnOf };
}

/**
 * One JSON contact as a record of cells, so that it passes the same checks as a CSV row: `{phone, name, …, variables: {…}}`,
 * variables also flat beside the known keys, every key also as lists name it ("Mobile No."). A key that names nothing, and two
 * keys that name the same, are problems of their own, not silence.
 */
export function recordOfObject(contact: unknown, line: number, plan: ObjectPlan): CsvRecord {
  if (typeof contact !== "object" || contact === null || Array.isArray(contact)) return { line, cells: [], broken: "not_an_object" };
  const { variables = {}, ...flat } = contact as Record<string, unknown>;
  const problems: RowProblem[] = [];
  const isObject = typeof variables === "object" && variables !== null && !Array.isArray(variables);
  if (!isObject) problems.push({ column: "variables", value: cellOf(variables), reason: "not_an_object" });
  const values = new Map([...Object.entries(flat), ...(isObject ? Object.entries(variables) : [])]);
  const named = new Map<string, unknown>();
  for (const [key, value] of values) {
    const column = plan.columnOf(key);
    if (column === undefined) problems.push({ column: key.slice(0, 80), value: cellOf(value), reason: "unknown_key" });
    else if (named.has(column)) problems.push({ column: key.slice(0, 80), value: cellOf(value), reason: "same_key_twice" });
    else named.set(column, value);
  }
  return { line, cells: plan.header.map((column) => cellOf(named.get(column))), ...(problems.length > 0 && { problems }) };
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
