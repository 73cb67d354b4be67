import type pg from "pg";

/** Stands at the head or at the end of a statement that is worth planning once per connection: `/* prepared: gate_facts *\/`. */
const mark = /^\s*\/\* prepared: ([a-z_]{1,50}) \*\/|\/\* prepared: ([a-z_]{1,50}) \*\/$/;

/**
 * Lets a connection keep the plan of marked statements. For statements whose planning costs more than their work and whose
 * text never changes; one that selects `*` must not be marked, because a migration would leave its plan wrong.
 */
export function keepMarkedPlans(client: pg.PoolClient): void {
  const query = client.query.bind(client);
  Reflect.set(client, "query", (...given: unknown[]): unknown => {
    const [text, values, ...rest] = given;
    const found = typeof text === "string" && Array.isArray(values) ? mark.exec(text) : null;
    const name = found?.[1] ?? found?.[2];
    const result: unknown = Reflect.apply(query, client, name === undefined ? given : [{ name, text, values }, ...rest]);
    return result;
  });
}
