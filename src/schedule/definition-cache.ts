import type { Db } from "../db/database.ts";
import { type Definition, definitionSchema } from "../domain/definition.ts";
import type { CampaignId } from "../domain/ids.ts";

/** Definitions of running campaigns, read and parsed once per change and not once per tick. */
export interface DefinitionCache {
  /** The definitions of exactly these campaigns; others are forgotten. A definition that no longer parses is left out. */
  load(db: Db, campaigns: readonly { id: CampaignId; version: string }[]): Promise<ReadonlyMap<CampaignId, Definition>>;
}

export function definitionCache(): DefinitionCache {
  let known = new Map<CampaignId, { version: string; definition: Definition | undefined }>();
  return {
    async load(db, campaigns) {
      const missing = campaigns.filter(({ id, version }) => known.get(id)?.version !== version);
      const rows =
        missing.length === 0
          ? []
          : await db
              .selectFrom("campaigns")
              .where("id", "in", missing.map(({ id }) => id))
              .select(["id", "definition"])
              .execute();
      const read = new Map(rows.map((row) => [row.id, definitionSchema.safeParse(row.definition).data]));
      known = new Map(
        campaigns.map(({ id, version }) => {
          const kept = known.get(id);
          return [id, kept?.version === version ? kept : { version, definition: read.get(id) }] as const;
        }),
      );
      return new Map([...known].flatMap(([id, { definition }]) => (definition ? [[id, definition] as const] : [])));
    },
  };
}
