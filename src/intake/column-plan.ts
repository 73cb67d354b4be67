import type { Definition } from "../domain/definition.ts";
import { type FieldProblem, Refusal } from "../domain/errors.ts";
import { partyColumn, readsParty } from "../domain/party.ts";
import { headerKey, isAliasOf, type KnownColumn, knownColumns } from "./header-aliases.ts";

/** Which cell of a row holds what: positions in the header. */
export interface ColumnPlan {
  /** The header as the file has it, without the columns a rejects file added. */
  header: readonly string[];
  /** How many cells a row of the file has; those beyond `header` are not looked at. */
  width: number;
  known: Readonly<Partial<Record<KnownColumn, number>>>;
  variables: ReadonlyMap<string, number>;
  /** Columns that mean nothing to the definition. */
  ignored: readonly string[];
}

/** Columns by the name the service uses → the file's own header: `map[phone]=Mobile No.`. */
export type ColumnMapping = Readonly<Record<string, string>>;

/**
 * Recognises a header: mapped columns first, then the definition's variables by name or label, then the known columns by
 * their aliases. The `line` and `reason` columns at the end of a corrected rejects file are ignored.
 * Refusals (422): `no_phone_column`, `ambiguous_column`, `missing_columns`, `unknown_mapping`, `broken_header`.
 */
export function planColumns(fileHeader: readonly string[], definition: Definition, mapping: ColumnMapping): ColumnPlan {
  const header = withoutReportColumns(fileHeader.map(printable), definition);
  const keys = header.map(headerKey);
  const mapped = mappedColumns(header, keys, definition, mapping);
  const free = (at: number): boolean => ![...mapped.values()].includes(at);
  const find = (target: string, matches: (key: string) => boolean): number | undefined => {
    const wanted = mapped.get(target);
    if (wanted !== undefined) return wanted;
    const exact = keys.flatMap((key, at) => (free(at) && key === target ? [at] : []));
    const found = exact.length > 0 ? exact : keys.flatMap((key, at) => (free(at) && matches(key) ? [at] : []));
    if (found.length > 1) throw ambiguous(target, found.map((at) => header[at] ?? ""));
    return found[0];
  };

  const known: Partial<Record<KnownColumn, number>> = {};
  for (const column of knownColumns) {
    const declared = definition.variables[column]?.label;
    const at = find(column, (key) => (isAliasOf(column, key) && !isVariable(key, definition)) || (declared !== undefined && key === headerKey(declared)));
    if (at !== undefined) known[column] = at;
  }
  const variables = new Map<string, number>();
  for (const [name, variable] of Object.entries(definition.variables)) {
    const label = variable.label === undefined ? undefined : headerKey(variable.label);
    const at = isKnownColumn(name) ? known[name] : find(name, (key) => key === label);
    if (at !== undefined) variables.set(name, at);
  }
  const partyAt = readsParty(definition) && !variables.has(partyColumn) ? find(partyColumn, () => false) : undefined;
  if (partyAt !== undefined) variables.set(partyColumn, partyAt);
  refuseMissing(header, known, variables, definition);
  const used = new Set([...Object.values(known), ...variables.values()]);
  return { header, width: fileHeader.length, known, variables, ignored: header.filter((_, at) => !used.has(at)) };
}

function isKnownColumn(name: string): name is KnownColumn {
  return (knownColumns as readonly string[]).includes(name);
}

function isVariable(key: string, definition: Definition): boolean {
  return !isKnownColumn(key) && Object.hasOwn(definition.variables, key);
}

function mappedColumns(header: readonly string[], keys: readonly string[], definition: Definition, mapping: ColumnMapping): Map<string, number> {
  const mapped = new Map<string, number>();
  const errors: FieldProblem[] = [];
  for (const [target, source] of Object.entries(mapping)) {
    const path = `map[${target}]`;
    const at = header.includes(source) ? header.indexOf(source) : keys.indexOf(headerKey(source));
    if (!isKnownColumn(target) && !Object.hasOwn(definition.variables, target)) {
      errors.push({ path, message: `expected one of ${[...knownColumns, ...Object.keys(definition.variables)].join(", ")}` });
    } else if (at === -1) {
      errors.push({ path, message: `the file has no column "${source}"; it has ${header.join(", ")}` });
    } else {
      mapped.set(target, at);
    }
  }
  if (errors.length > 0) throw new Refusal(422, "unknown_mapping", "the column mapping does not fit the file", { errors });
  return mapped;
}

function refuseMissing(header: readonly string[], known: ColumnPlan["known"], variables: ReadonlyMap<string, number>, definition: Definition): void {
  if (known.phone === undefined) {
    throw new Refusal(422, "no_phone_column", `expected a column such as "phone" or "mobile no.", got ${header.join(", ").slice(0, 400)}; name it with map[phone]=…`, { path: "phone" });
  }
  const missing = Object.entries(definition.variables).filter(([name, variable]) => variable.required && !variables.has(name));
  if (missing.length === 0) return;
  throw new Refusal(422, "missing_columns", `the definition requires columns that the file does not have: ${missing.map(([name]) => name).join(", ")}`, {
    errors: missing.map(([name]) => ({ path: name, message: `expected a column "${name}", or map[${name}]=…` })),
  });
}

function ambiguous(target: string, columns: readonly string[]): Refusal {
  return new Refusal(422, "ambiguous_column", `several columns could be "${target}": ${columns.join(", ")}; choose one with map[${target}]=…`, { path: target });
}

/** A corrected rejects file ends in `line,reason`; unless the definition needs such a column, they are not part of the list. */
function withoutReportColumns(header: readonly string[], definition: Definition): readonly string[] {
  const [line, reason] = header.slice(-2).map(headerKey);
  if (line !== "line" || reason !== "reason") return header;
  const others = header.slice(0, -2).map(headerKey);
  const needed = ["line", "reason"].some((name) => Object.hasOwn(definition.variables, name) && !others.includes(name));
  return needed ? header : header.slice(0, -2);
}

function printable(title: string): string {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/.test(title)) {
    throw new Refusal(422, "broken_header", "expected readable column titles, got control characters");
  }
  return title.trim().slice(0, 200);
}
