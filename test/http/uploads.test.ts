import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CampaignId } from "../../src/domain/ids.ts";
import { type ApiFixture, apiFixture } from "./api-fixture.ts";

const maxListBytes = 100_000;
let api: ApiFixture;
beforeAll(async () => {
  api = await apiFixture({ bodyLimits: { maxJsonBytes: 100_000, maxListBytes } });
});
afterAll(() => api.close());

const header = "phone,name,amount_due,due_date,birth_year\n";
const rows = (count: number) => Array.from({ length: count }, (_, n) => `${9_876_500_000 + n},Asha,4500,2026-12-25,1975\n`).join("");

function form(text: string): FormData {
  const data = new FormData();
  data.append("file", new Blob([text], { type: "text/csv" }), "list.csv");
  return data;
}

async function importsOf(campaignId: CampaignId) {
  return api.db.selectFrom("imports").select(["state", "failure", "accepted"]).where("campaign_id", "=", campaignId).execute();
}

async function countOf(table: "contacts" | "import_rows" | "preferences" | "suppressions"): Promise<number> {
  const row = await api.db.selectFrom(table).select((e) => e.fn.countAll<number>().as("n")).executeTakeFirstOrThrow();
  return Number(row.n);
}

/** Sends the beginning of a list whose length is claimed to be two gigabytes, then cuts the line once rows are being read. */
async function leaveInTheMiddle(campaignId: CampaignId): Promise<void> {
  const { hostname, port } = new URL(api.origin);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /v1/campaigns/${campaignId}/contacts HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${api.key}\r\nContent-Type: text/csv\r\nIdempotency-Key: cut-${campaignId}\r\nContent-Length: 2147483648\r\n\r\n${header}${rows(1_000)}`,
  );
  await expect.poll(async () => (await importsOf(campaignId)).length, { timeout: 10_000 }).toBe(1);
  socket.destroy();
}

describe("an upload", () => {
  it("of claimed two gigabytes that breaks off leaves a failed import, no contact, and its key free for the next try", async () => {
    const campaignId = await api.newCampaign();
    await leaveInTheMiddle(campaignId);
    await expect.poll(() => importsOf(campaignId), { timeout: 10_000 }).toEqual([{ state: "failed", failure: "interrupted", accepted: 0 }]);
    expect(await countOf("contacts")).toBe(0);
    expect(await countOf("import_rows")).toBe(0);
    const again = () => api.csv(`/v1/campaigns/${campaignId}/contacts`, header + rows(3), { "idempotency-key": `cut-${campaignId}` });
    await expect.poll(async () => (await again()).status, { timeout: 10_000 }).toBe(201);
    expect(await countOf("contacts")).toBe(3);
  });

  it.each(["/v1/preferences/imports", "/v1/suppressions"])("to %s that is too long for a form is refused, never cut short", async (path) => {
    const list = `number,reason\n${Array.from({ length: 12_000 }, (_, n) => `${9_876_500_000 + n},\n`).join("")}`;
    expect(list.length).toBeGreaterThan(maxListBytes);
    const answer = await api.ask("POST", path, { body: form(list) });
    expect([answer.status, answer.json()["code"]]).toEqual([413, "body_too_large"]);
    expect(await countOf("preferences")).toBe(0);
    expect(await countOf("suppressions")).toBe(0);
  });

  it("to the suppressions keeps its rows whatever characters their reasons hold", async () => {
    const answer = await api.csv("/v1/suppressions", "number,reason\n9876500001,as\0ked\u0007twice\n");
    expect(answer.json()).toMatchObject({ added: 1, rejected: 0 });
    expect(await api.db.selectFrom("suppressions").select("reason").execute()).toEqual([{ reason: "as ked twice" }]);
  });

  it.each(["/v1/preferences/imports", "/v1/suppressions"])("to %s with a NUL in its header is refused", async (path) => {
    const answer = await api.csv(path, "number,rea\0son\n9876500001,x\n");
    expect([answer.status, answer.json()["code"]]).toEqual([422, "broken_header"]);
  });
});
