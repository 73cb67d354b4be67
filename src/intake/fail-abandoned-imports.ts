import { abandonedImports, failImport } from "./imports.queries.ts";
import type { IntakeDeps } from "./ports.ts";

/** No upload lasts longer: the door cuts a request off long before. */
const abandonedAfterMs = 60 * 60 * 1000;

/** Marks imports whose process died as `failed` and drops their staged rows; answers how many. Runs at start and then hourly. */
export async function failAbandonedImports(deps: IntakeDeps): Promise<number> {
  const nowMs = deps.clock.nowMs();
  const abandoned = await abandonedImports(deps.db, new Date(nowMs - abandonedAfterMs));
  for (const importId of abandoned) await failImport(deps.db, { importId, failure: "process_died", now: new Date(nowMs) });
  if (abandoned.length > 0) deps.log.warn("imports whose process died were marked as failed", { imports: abandoned.length });
  return abandoned.length;
}
