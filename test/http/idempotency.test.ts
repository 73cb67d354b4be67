import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acknowledgeableCodes } from "../../src/domain/campaign.ts";
import type { ContactId } from "../../src/domain/ids.ts";
import { forgetOldAnswers, startIdempotent } from "../../src/http/idempotency.ts";
import { type ApiFixture, apiFixture, dumpOf } from "./api-fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await apiFixture();
});
afterAll(() => api.close());

const list = "phone,name,amount_due,due_date,birth_year\n9876543210,Asha,4500,2026-12-25,1975\n";
const create = (key: string, body: unknown = { template: "emi-reminder" }) => api.ask("POST", "/v1/campaigns", { body, headers: { "idempotency-key": key } });
const campaigns = async () => Number((await api.db.selectFrom("campaigns").select((e) => e.fn.countAll<number>().as("n")).executeTakeFirstOrThrow()).n);

describe("R1.7 a POST may be sent again", () => {
  it("the same body gets the same bytes back, marked as replayed, and nothing is done twice", async () => {
    const before = await campaigns();
    const first = await create("once");
    expect(first.status).toBe(201);
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    const again = await create("once");
    expect(again.status).toBe(201);
    expect(again.text).toBe(first.text);
    expect(again.headers.get("content-type")).toBe(first.headers.get("content-type"));
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await campaigns()).toBe(before + 1);
  });

  it("another body or another route under the same key is refused", async () => {
    await create("reused");
    expect((await create("reused", { template: "fee-reminder" })).json()).toMatchObject({ status: 422, code: "idempotency_key_reused" });
    const other = await api.ask("POST", "/v1/suppressions", { body: { number: "9876543210" }, headers: { "idempotency-key": "reused" } });
    expect(other.json()).toMatchObject({ status: 422, code: "idempotency_key_reused" });
  });

  it("50 equal requests at once do it once: one answer, the others the same or 409", async () => {
    const before = await campaigns();
    const answers = await Promise.all(Array.from({ length: 50 }, () => create("storm")));
    expect(await campaigns()).toBe(before + 1);
    const bodies = new Set(answers.filter((answer) => answer.status === 201).map((answer) => answer.text));
    expect(bodies.size).toBe(1);
    for (const answer of answers) {
      if (answer.status === 409) {
        expect(answer.json()).toMatchObject({ code: "request_in_progress" });
        expect(answer.headers.get("retry-after")).toBe("2");
      } else expect(answer.status).toBe(201);
    }
  });

  it("a refusal is kept too, byte for byte", async () => {
    const first = await create("refused", { template: "no-such" });
    const again = await create("refused", { template: "no-such" });
    expect(first.json()).toMatchObject({ status: 422, code: "unknown_template" });
    expect(again.text).toBe(first.text);
    expect(again.headers.get("content-type")).toBe("application/problem+json");
  });

  it("what never reached the use case is not kept", async () => {
    const bad = await api.ask("POST", "/v1/campaigns", { body: "{", headers: { "content-type": "application/json", "idempotency-key": "retry-me" } });
    expect(bad.status).toBe(400);
    expect((await create("retry-me")).status).toBe(201);
  });

  it("a failure on our side lets the request be made again", async () => {
    await api.db.schema.alterTable("campaigns").renameTo("campaigns_gone").execute();
    expect((await create("failed")).status).toBe(500);
    await api.db.schema.alterTable("campaigns_gone").renameTo("campaigns").execute();
    expect((await create("failed")).status).toBe(201);
  });

  it("an uploaded list is recognised by its bytes, as a body or as a file in a form", async () => {
    const id = await api.newCampaign();
    const path = `/v1/campaigns/${id}/contacts`;
    const first = await api.csv(path, list, { "idempotency-key": "list-1" });
    expect(first.json()).toMatchObject({ accepted: 1 });
    expect((await api.csv(path, list, { "idempotency-key": "list-1" })).text).toBe(first.text);
    expect((await api.csv(path, list.replace("Asha", "Ravi"), { "idempotency-key": "list-1" })).json()).toMatchObject({ code: "idempotency_key_reused" });

    const form = () => {
      const data = new FormData();
      data.append("file", new Blob([list.replace("9876543210", "9876543211")], { type: "text/csv" }), "list.csv");
      return data;
    };
    const uploaded = await api.ask("POST", path, { body: form(), headers: { "idempotency-key": "form-1" } });
    expect(uploaded.json()).toMatchObject({ accepted: 1 });
    const again = await api.ask("POST", path, { body: form(), headers: { "idempotency-key": "form-1" } });
    expect(again.text).toBe(uploaded.text);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
  });

  it("a list refused at its header is replayed although most of it was never read", async () => {
    const path = `/v1/campaigns/${await api.newCampaign()}/contacts`;
    const long = `name\n${"Asha\n".repeat(200_000)}`;
    const first = await api.csv(path, long, { "idempotency-key": "no-phone" });
    expect(first.json()).toMatchObject({ code: "no_phone_column" });
    expect((await api.csv(path, long, { "idempotency-key": "no-phone" })).text).toBe(first.text);
    expect((await api.csv(path, `${long}x`, { "idempotency-key": "no-phone" })).json()).toMatchObject({ code: "idempotency_key_reused" });
  });

  it("keys of two accounts have nothing to do with each other", async () => {
    const stranger = await api.stranger();
    const mine = await create("shared-key");
    const theirs = await api.ask("POST", "/v1/campaigns", { key: stranger.key, body: { template: "emi-reminder" }, headers: { "idempotency-key": "shared-key" } });
    expect(theirs.status).toBe(201);
    expect(theirs.text).not.toBe(mine.text);
  });

  it("a kept answer holds nothing readable", async () => {
    await create("sealed", { template: "emi-reminder", name: "Canary name" });
    expect(await dumpOf(api.pool, "idempotency_keys")).not.toMatch(/Canary|43616e617279/);
  });

  it("is forgotten after 7 days, and a holder that died is replaced after 15 minutes", async () => {
    const first = await create("old");
    api.clock.advance(7 * 86_400_000 - 1_000);
    expect((await create("old")).text).toBe(first.text);
    api.clock.advance(1_000);
    expect((await create("old")).text).not.toBe(first.text);
    await api.db.updateTable("idempotency_keys").set({ status: null }).where("key", "=", "old").execute();
    expect((await create("old")).json()).toMatchObject({ code: "request_in_progress" });
    api.clock.advance(15 * 60_000);
    expect((await create("old")).status).toBe(201);
    api.clock.advance(8 * 86_400_000);
    expect(await forgetOldAnswers(api)).toBeGreaterThan(5);
  });

  it("R1.7 a call whose answer was never kept is not scheduled again when the request comes again, even after it was made", async () => {
    const post = () =>
      api.ask("POST", "/v1/calls", {
        body: { template: "emi-reminder", to: "9876543219", name: "Asha", variables: { amount_due: 4500, due_date: "2026-12-25", birth_year: "1975" }, acknowledge: acknowledgeableCodes },
        headers: { "idempotency-key": "call-once" },
      });
    const first = await post();
    expect(first.status, first.text).toBe(201);
    const id = first.json()["id"];
    // The process died between the call and its answer; a quarter of an hour later the call is over and the request comes again.
    await api.db.updateTable("idempotency_keys").set({ status: null, request_hash: null, body_sealed: null }).where("key", "=", "call-once").execute();
    await api.db.updateTable("contacts").set({ state: "done" }).where("id", "=", String(id) as ContactId).execute();
    api.clock.advance(15 * 60_000);
    const again = await post();
    expect([again.status, again.json()["id"]]).toEqual([201, id]);
  });

  it("a holder that outlived its hold neither overwrites nor releases the key of its successor", async () => {
    const request = { accountId: api.accountId, key: "slow", route: "POST /v1/campaigns" };
    const slow = await startIdempotent(api, request);
    api.clock.advance(15 * 60_000);
    const successor = await startIdempotent(api, request);
    if (slow.kind !== "first" || successor.kind !== "first") throw new Error("expected both to have held the key");
    await slow.release();
    await expect(startIdempotent(api, request), "the successor still holds it").rejects.toMatchObject({ code: "request_in_progress" });
    await slow.keep({ status: 201, contentType: "application/json", body: "late" }, "a");
    await successor.keep({ status: 201, contentType: "application/json", body: "right" }, "a");
    await slow.keep({ status: 201, contentType: "application/json", body: "later" }, "a");
    const answered = await startIdempotent(api, request);
    expect(answered.kind === "answered" && (await answered.replay("a")).body).toBe("right");
  });

  it.each(["", "x".repeat(256), "with space"])("refuses the key %j", async (key) => {
    const answer = await create(key);
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ code: "invalid_idempotency_key" });
  });
});
