import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject, type ZodOpenApiRequestBodyObject } from "zod-openapi";
import { problemMediaType } from "./problem.ts";
import type { Route } from "./route.ts";
import { problemWire } from "./wire/common-wire.ts";

const csv = z.string().meta({ description: "CSV text; UTF-8 with or without byte order mark, or UTF-16 with one" });
const file = z.string().meta({ format: "binary" });

/** The OpenAPI 3.1 document of the routes: made from the very schemas that check requests. */
export function openApiDocument(routes: readonly Route[]): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = route.path.replace(/:([a-z_]+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Campaign dialer",
      version: "1",
      description: [
        "Lists in, lawful AI phone conversations, outcomes out. Errors are RFC 9457 problem documents with a stable `code`.",
        "Every POST takes `Idempotency-Key`: the same request sent again within 7 days gets the same bytes back with `Idempotent-Replayed: true`.",
        "Lists take `limit` (at most 200) and `cursor`. Instants are ISO 8601 with +05:30, money is rupees.",
      ].join("\n\n"),
    },
    servers: [{ url: "/" }],
    security: [{ key: [] }],
    components: { securitySchemes: { key: { type: "http", scheme: "bearer", description: "An API key, vd_live_…" } } },
    paths,
  });
}

function operation(route: Route): ZodOpenApiOperationObject {
  const body = requestBody(route);
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    description: [`Scope: \`${route.scope}\`.`, ...(route.problems ? [`Refusals: ${route.problems.map((code) => `\`${code}\``).join(", ")}.`] : [])].join(" "),
    requestParams: {
      path: route.params,
      query: route.query,
      ...(route.method === "post" ? { header: z.object({ "Idempotency-Key": z.string().max(255).optional() }) } : {}),
    },
    ...(body ? { requestBody: body } : {}),
    responses: {
      [route.answer.status]: { description: "Done", ...answerContent(route) },
      default: { description: "Refused", content: { [problemMediaType]: { schema: problemWire } } },
    },
  };
}

function answerContent(route: Route): { content?: Record<string, { schema: z.ZodType }> } {
  if (route.answer.schema) return { content: { "application/json": { schema: route.answer.schema } } };
  if (!route.answer.media) return {};
  return { content: Object.fromEntries(route.answer.media.map((media) => [media, { schema: z.string() }])) };
}

function requestBody(route: Route): ZodOpenApiRequestBodyObject | undefined {
  if (route.bodyKind === "none") return undefined;
  const form = route.query.partial().extend({ file }).meta({ description: "One file, after the fields; a field that the query has too is overruled by it" });
  const list = { "text/csv": { schema: csv }, "multipart/form-data": { schema: form } };
  const json = { "application/json": { schema: route.body } };
  const content = route.bodyKind === "list" ? list : route.bodyKind === "json" ? json : { ...list, ...json };
  return { required: route.bodyOptional !== true, content };
}

/** "getCampaignsByCampaignIdProgress": stable, so that generated clients do not change with the wording. */
export function operationId(route: Pick<Route, "method" | "path">): string {
  const words = route.path
    .replace(/^\/v1\//, "")
    .split(/[/.]/)
    .flatMap((part) => (part.startsWith(":") ? ["by", ...part.slice(1).split("_")] : part.split(/[-_]/)));
  return [route.method, ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join("");
}
