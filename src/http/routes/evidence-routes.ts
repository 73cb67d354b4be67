import { z } from "zod";
import { Refusal } from "../../domain/errors.ts";
import { defined } from "../defined.ts";
import type { EvidenceUseCases } from "../ports.ts";
import { ok, piecesWriter } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { numberedPageQuery, pageOf, pageWire } from "../wire/common-wire.ts";
import { evidenceQuestion, evidenceVerdictWire, evidenceWire } from "../wire/evidence-wire.ts";

const tag = "Evidence";

/** Why each call was allowed or refused: shown, exported, and proven whole. */
export function evidenceRoutes(evidence: EvidenceUseCases): Route[] {
  const verify = oneAtATime(evidence.verify);
  return [
    defineRoute({
      method: "get",
      path: "/v1/evidence",
      tag,
      summary: "Every allow and refusal about a number, of a campaign, of a span of time; oldest first",
      scope: "exports:read",
      query: numberedPageQuery.extend(evidenceQuestion),
      answer: { status: 200, schema: pageWire(evidenceWire) },
      problems: ["invalid_number"],
      async handle({ caller, query }) {
        const { limit, cursor, number, campaign_id: campaignId, from, to } = query;
        return ok(pageOf(await evidence.list(defined({ accountId: caller.accountId, limit, cursor, number, campaignId, from, to }))));
      },
    }),
    defineRoute({
      method: "get",
      path: "/v1/evidence.ndjson",
      tag,
      summary: "The same as a download, one JSON object a line",
      scope: "exports:read",
      query: z.strictObject(evidenceQuestion),
      answer: { status: 200, media: ["application/x-ndjson"] },
      problems: ["invalid_number"],
      async handle({ caller, query }) {
        const { number, campaign_id: campaignId, from, to } = query;
        const lines = evidence.export(defined({ accountId: caller.accountId, number, campaignId, from, to }));
        return { kind: "file", contentType: "application/x-ndjson; charset=utf-8", fileName: "evidence.ndjson", write: piecesWriter(lines) };
      },
    }),
    defineRoute({
      method: "get",
      path: "/v1/evidence/verify",
      tag,
      summary: "Read the whole chain again and name what was touched",
      scope: "exports:read",
      query: z.strictObject({ expect_head: z.string().max(128).optional().meta({ description: "A head noted earlier, which must still be in the chain" }) }),
      answer: { status: 200, schema: evidenceVerdictWire },
      handle: async ({ query }) => ok(await verify(defined({ expectHead: query.expect_head }))),
    }),
  ];
}

/** Heads that may be asked about at the same time. */
const mostQuestions = 10;

/** The whole chain is read for everybody who asks: those who ask the same while it is being read share one reading, others wait for it. */
function oneAtATime(verify: EvidenceUseCases["verify"]): EvidenceUseCases["verify"] {
  const asked = new Map<string | undefined, ReturnType<EvidenceUseCases["verify"]>>();
  let last: Promise<unknown> = Promise.resolve();
  return (input) => {
    const underWay = asked.get(input.expectHead);
    if (underWay) return underWay;
    if (asked.size >= mostQuestions) return Promise.reject(new Refusal(429, "too_many_verifications", "the chain is being verified for others; try again later", { extra: { retry_after_seconds: 60 } }));
    const verdict = last.then(() => verify(input)).finally(() => asked.delete(input.expectHead));
    asked.set(input.expectHead, verdict);
    last = verdict.catch(() => undefined);
    return verdict;
  };
}
