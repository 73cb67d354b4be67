import type { Choice } from "./oracle/truth.ts";

/** Rows of the register of 2018 and rows of the register of 2010: two files, because each has a header of its own. */
export function registerFiles(rows: readonly { number: string; choice: Choice }[]): string[] {
  const old = rows.filter(({ choice }) => choice.scheme === "legacy");
  const now = rows.filter(({ choice }) => choice.scheme !== "legacy");
  const files: string[] = [];
  if (now.length > 0) files.push(["Phone Number,Preference,Category,Mode,Time Band,Day Type", ...now.map(rowOf)].join("\n"));
  // What the subscriber wanted to keep by SMS: it must not be read as what is blocked.
  if (old.length > 0) files.push(["Service Area Code,Phone Numbers,Preferences,Opstype,Phone Type", ...old.map(({ number }) => `1,${number.slice(3)},"3,4",A,2`)].join("\r\n"));
  return files;
}

const words: Readonly<Record<Exclude<Choice["scheme"], "partial" | "legacy">, string>> = { full_block: "FULLY BLOCK", block_promo: "Block Promo", none: "UNBLOCK ALL" };

function rowOf({ number, choice }: { number: string; choice: Choice }): string {
  if (choice.scheme !== "partial") return `${number},${choice.scheme === "legacy" ? "" : words[choice.scheme]},,,,`;
  const list = (codes: readonly number[]): string => (codes.length > 0 ? `"${codes.join(",")}"` : "");
  return `${number},,${list(choice.categories)},${list(choice.modes)},${list(choice.bands)},${list(choice.days)}`;
}
