import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type ApiFixture, apiFixture } from "./api-fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await apiFixture();
});
afterAll(() => api.close());

const number = "9876543219";

/** Something to list behind every list route, at least three of each. */
async function fill(): Promise<void> {
  for (const n of [1, 2, 3]) {
    await api.newCampaign();
    await api.ask("POST", "/v1/webhook-endpoints", { body: { url: `https://example.com/${n}` } });
    await api.ask("POST", "/v1/sender-papers", { body: { kind: "registration", reference: `PE-${n}` } });
    await api.ask("POST", "/v1/consents", { body: { consents: [{ number, basis: "explicit", given_at: "2026-11-30T10:00:00+05:30", reference: `R-${n}` }] } });
    await api.ask("POST", "/v1/holds", { body: { number, kind: "dispute", note: `${n}` } });
    await api.ask("POST", "/v1/suppressions", { body: { number: `987654320${n}` } });
    await api.keyWith(["campaigns:read"]);
  }
}

const questions = [
  "/v1/campaigns", "/v1/templates", "/v1/suppressions", "/v1/sender-papers", `/v1/consents?number=${number}`, `/v1/holds?number=${number}`,
  "/v1/evidence", "/v1/webhook-endpoints", "/v1/api-keys",
];

describe("lists", () => {
  it("all take limit and cursor, and answer items and next_cursor", () => {
    const lists = api.routes.filter((route) => route.method === "get" && route.answer.schema instanceof z.ZodObject && "items" in route.answer.schema.shape);
    expect(lists.length).toBeGreaterThanOrEqual(10);
    for (const route of lists) {
      expect([route.path, Object.keys(route.query.shape)]).toEqual([route.path, expect.arrayContaining(["limit", "cursor"])]);
      expect([route.path, Object.keys((route.answer.schema as z.ZodObject).shape)]).toEqual([route.path, ["items", "next_cursor"]]);
    }
  });

  it("come page by page to their end, each item once, in the order of the whole", async () => {
    await fill();
    for (const question of questions) {
      const and = question.includes("?") ? "&" : "?";
      const whole = (await api.ask("GET", `${question}${and}limit=200`)).json() as { items: unknown[]; next_cursor: string | null };
      expect([question, whole.next_cursor]).toEqual([question, null]);
      if (question !== "/v1/evidence") expect([question, whole.items.length >= 3]).toEqual([question, true]);
      const seen: unknown[] = [];
      for (let cursor = ""; ; ) {
        const page = (await api.ask("GET", `${question}${and}limit=2${cursor}`)).json() as typeof whole;
        expect(page.items.length).toBeLessThanOrEqual(2);
        seen.push(...page.items);
        if (page.next_cursor === null) break;
        cursor = `&cursor=${page.next_cursor}`;
      }
      expect([question, seen]).toEqual([question, whole.items]);
      expect((await api.ask("GET", `${question}${and}limit=201`)).json()).toMatchObject({ status: 400, code: "invalid_query", errors: [{ path: "limit" }] });
    }
  });

  it("refuse the cursor of another list", async () => {
    const strange = Buffer.from("00000000-0000-7000-8000-000000000000").toString("base64url");
    for (const question of ["/v1/templates", "/v1/sender-papers", "/v1/webhook-endpoints", `/v1/holds?number=${number}`]) {
      const answer = await api.ask("GET", `${question}${question.includes("?") ? "&" : "?"}cursor=${strange}`);
      expect(answer.json()).toMatchObject({ status: 400, code: "invalid_query", errors: [{ path: "cursor" }] });
    }
  });
});
