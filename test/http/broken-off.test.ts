import { randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountId, ApiKeyId } from "../../src/domain/ids.ts";
import type { CampaignUseCases, EvidenceUseCases } from "../../src/http/ports.ts";
import { piecesWriter } from "../../src/http/reply.ts";
import { evidenceRoutes } from "../../src/http/routes/evidence-routes.ts";
import { progressEventRoutes } from "../../src/http/routes/progress-event-routes.ts";
import { outcomeColumns, type OutcomeRow } from "../../src/report/outcome-columns.ts";
import { writeOutcomeXlsx } from "../../src/report/outcome-xlsx.ts";
import { manualClock } from "../support/clock.ts";
import { testNumber } from "../support/rows.ts";
import { type ApiFixture, apiFixture } from "./api-fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await apiFixture();
});
afterAll(() => api.close());

const caller = {
  caller: { accountId: "a" as AccountId, apiKeyId: "k" as ApiKeyId, scopes: new Set<string>() },
  body: { kind: "none", hash: () => "" } as const,
  requestKey: undefined,
};

describe("what is broken off", () => {
  it("a download that fails on our side is cut and told in the log", async () => {
    const campaignId = await api.newCampaign();
    const contactId = await api.write.contact(api.accountId, campaignId, testNumber(1));
    await api.db.updateTable("contacts").set({ number_sealed: Buffer.alloc(40, 1) }).where("id", "=", contactId).execute();
    for (const format of ["csv", "ndjson", "xlsx"]) {
      await expect(api.ask("GET", `/v1/campaigns/${campaignId}/outcomes.${format}`)).rejects.toThrow();
      const failed = () => api.log.lines.filter((line) => line.sentence === "a request failed").map((line) => line.fields["route"]);
      await expect.poll(failed).toContain(`/v1/campaigns/:campaign_id/outcomes.${format}`);
    }
  });

  it("a reader who leaves in the middle of a download ends what feeds it", async () => {
    let ended = false;
    const pieces = async function* (): AsyncGenerator<string> {
      try {
        for (;;) yield "line\n".repeat(10_000);
      } finally {
        ended = true;
      }
    };
    const stuck = new Writable({ write: () => undefined });
    const writing = piecesWriter(pieces())(stuck);
    await expect.poll(() => stuck.writableNeedDrain).toBe(true);
    stuck.destroy();
    await expect(writing).rejects.toMatchObject({ code: "ERR_STREAM_PREMATURE_CLOSE" });
    await expect.poll(() => ended).toBe(true);
  });

  it.each(["fails", "loses its reader"])("a workbook that %s settles, and lets go of its rows", async (how) => {
    let ended = false;
    const rows = async function* (): AsyncGenerator<OutcomeRow> {
      try {
        for (;;) {
          if (how === "fails") throw new Error("the database is gone");
          yield Object.fromEntries(outcomeColumns.map((column) => [column, column === "disposition_fields" ? {} : randomUUID()])) as OutcomeRow;
        }
      } finally {
        ended = true;
      }
    };
    // The reader that leaves does so in the middle of the sheet.
    let bytes = 0;
    const reader: Writable = new Writable({ write: (chunk: Buffer, _encoding, done) => ((bytes += chunk.length), bytes > 100_000 ? reader.destroy() : done()) });
    reader.on("error", () => undefined);
    const writing = writeOutcomeXlsx(rows(), reader);
    await expect(writing).rejects.toThrow(how === "fails" ? "the database is gone" : "Premature close");
    await expect.poll(() => ended).toBe(true);
  });

  it("the whole evidence is read once for all who ask at the same time", async () => {
    let readings = 0;
    let most = 0;
    const finish: (() => void)[] = [];
    const verify: EvidenceUseCases["verify"] = async () => {
      readings += 1;
      most = Math.max(most, readings - finish.length);
      await new Promise<void>((resolve) => finish.push(resolve));
      return { ok: true, seals: 0, rows: 0, unsealed_rows: 0, head: "", problems_found: 0, problems: [] };
    };
    const route = evidenceRoutes({ verify } as EvidenceUseCases).find((one) => one.path.endsWith("/verify"));
    if (!route) throw new Error("expected a route");
    const ask = (query: Record<string, unknown>) => route.run({ ...caller, params: {}, query, signal: new AbortController().signal });
    const asked = [ask({}), ask({}), ask({ expect_head: "a" }), ask({}), ask({ expect_head: "a" })];
    await expect.poll(() => finish.length).toBe(1);
    finish[0]?.();
    await expect.poll(() => finish.length).toBe(2);
    finish[1]?.();
    await Promise.all(asked);
    expect([readings, most]).toEqual([2, 1]);
  });

  it("listeners who leave before their events begin do not use up the places of their key", async () => {
    let leave = (): void => undefined;
    const progress: CampaignUseCases["progress"] = async () => {
      leave();
      return { campaign_id: "c", name: "n" } as Awaited<ReturnType<CampaignUseCases["progress"]>>;
    };
    const [route] = progressEventRoutes({ clock: manualClock("2026-12-01T11:00"), campaigns: { progress } });
    if (!route) throw new Error("expected a route");
    const listen = (signal: AbortSignal) =>
      route.run({ ...caller, params: { campaign_id: "01890000-0000-7000-8000-000000000000" }, query: {}, signal });
    for (let count = 0; count < 30; count++) {
      const gone = new AbortController();
      leave = () => gone.abort();
      await listen(gone.signal);
    }
    leave = () => undefined;
    expect(await listen(new AbortController().signal)).toMatchObject({ kind: "events" });
  });
});
