const placeholder = /\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/g;

/** The names inside `{{…}}`, each once, in the order in which they stand. */
export function placeholdersIn(text: string): string[] {
  return [...new Set([...text.matchAll(placeholder)].map((match) => match[1] ?? ""))];
}

/** The text with every `{{name}}` filled in; a name without a value stands as `‹name›`, so that it is seen. */
export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(placeholder, (_, name: string) => values[name] ?? `‹${name}›`);
}
