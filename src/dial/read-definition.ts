import { type Definition, definitionSchema } from "../domain/definition.ts";

/** A definition is read for every call, and calls of one campaign come together. */
const read = new Map<string, Definition>();
const mostRemembered = 500;

/** The definition of a campaign from its JSON text. The same text is checked once; throws when it is no definition. */
export function readDefinition(text: string): Definition {
  const known = read.get(text);
  if (known) return known;
  const definition = definitionSchema.parse(JSON.parse(text));
  if (read.size >= mostRemembered) read.clear();
  read.set(text, definition);
  return definition;
}
