import { z } from "zod";
import { Refusal } from "../domain/errors.ts";
import type { Caller } from "./auth/authenticate.ts";
import type { Scope } from "./auth/scopes.ts";
import type { BodyKind, ReadBody } from "./read-body.ts";
import { type Parameters, queryOverForm } from "./read-query.ts";
import type { Reply } from "./reply.ts";

/** A body as the handler sees it: parsed JSON, a list that streams in, or nothing. */
export type RouteBody<B> = { kind: "json"; value: B } | { kind: "list"; source: AsyncIterable<Uint8Array> } | { kind: "none" };

export interface RouteInput<P, Q, B> {
  caller: Caller;
  params: P;
  query: Q;
  body: RouteBody<B>;
  /** The Idempotency-Key of a POST, for what must be done once even when no answer could be kept. */
  requestKey: string | undefined;
  /** Aborts when the caller is gone. */
  signal: AbortSignal;
}

/** What is written to the audit log after a change succeeded. */
export interface RouteAudit {
  action: string;
  /** Which path parameter, or which key of the answer, names what was changed. Never a number. */
  subject?: string;
}

export interface RouteDescription {
  method: "get" | "post" | "patch" | "delete";
  /** Express path with named parameters: "/v1/campaigns/:campaign_id". */
  path: string;
  tag: string;
  summary: string;
  scope: Scope;
  /** Required of every route that changes something. */
  audit?: RouteAudit;
  /** The media type of a body that is not JSON, for the API document. */
  bodyKind: BodyKind;
  /** The body may be left out. */
  bodyOptional?: boolean;
  /** Successful answer: status and its JSON shape, or the media types of a download. */
  answer: { status: 200 | 201 | 204; schema?: z.ZodType; media?: readonly string[] };
  /** Stable codes of refusals beyond those every route has. */
  problems?: readonly string[];
}

/** A route of the operator API: what it is, what it takes, and what it does. One table of these makes doors, document and tests. */
export interface Route extends RouteDescription {
  params: z.ZodObject;
  query: z.ZodObject;
  body: z.ZodType;
  /** Checks what came against the schemas, then acts. */
  run(raw: { caller: Caller; params: unknown; query: Parameters; body: ReadBody; requestKey: string | undefined; signal: AbortSignal }): Promise<Reply>;
}

const nothing = z.strictObject({});

export function defineRoute<P extends z.ZodObject = typeof nothing, Q extends z.ZodObject = typeof nothing, B extends z.ZodType = z.ZodUndefined>(
  route: Omit<RouteDescription, "bodyKind"> & {
    bodyKind?: BodyKind;
    params?: P;
    query?: Q;
    body?: B;
    handle(input: RouteInput<z.output<P>, z.output<Q>, z.output<B>>): Promise<Reply>;
  },
): Route {
  const params = route.params ?? nothing;
  const query = route.query ?? nothing;
  const body = route.body ?? z.undefined();
  const bodyKind = route.bodyKind ?? (route.body ? "json" : "none");
  return {
    ...route,
    params,
    query,
    body,
    bodyKind,
    async run(raw) {
      const input = {
        caller: raw.caller,
        requestKey: raw.requestKey,
        signal: raw.signal,
        params: parsed(params, raw.params, 404, "not_found", "there is nothing here") as z.output<P>,
        query: parsed(query, withForm(raw, query), 400, "invalid_query", "the query does not fit") as z.output<Q>,
        body: routeBody(raw.body, body, route.bodyOptional === true) as RouteBody<z.output<B>>,
      };
      return route.handle(input);
    },
  };
}

/** The JSON of a route whose schema requires a body. */
export function sentJson<B>(body: RouteBody<B>): B {
  if (body.kind === "json") return body.value;
  throw new Refusal(422, "missing_body", "expected a JSON body");
}

/** The query, and the fields beside a file in a form, which may say the same. */
function withForm({ query, body }: { query: Parameters; body: ReadBody }, schema: z.ZodObject): Parameters {
  if (body.kind !== "list") return query;
  const unknown = Object.keys(body.fields).filter((name) => !Object.hasOwn(schema.shape, name));
  if (unknown.length === 0) return queryOverForm(query, body.fields);
  throw new Refusal(422, "unknown_field", `expected no form fields but ${[...Object.keys(schema.shape), "file"].join(", ")}`, {
    errors: unknown.map((name) => ({ path: name.slice(0, 80), message: "this field is not known" })),
  });
}

function routeBody(read: ReadBody, schema: z.ZodType, optional: boolean): RouteBody<unknown> {
  if (read.kind === "list") return { kind: "list", source: read.source };
  if (read.kind === "json") return { kind: "json", value: parsed(schema, read.value, 422, "invalid_body", "the body does not fit") };
  if (schema instanceof z.ZodUndefined || optional) return { kind: "none" };
  throw new Refusal(422, "missing_body", "expected a body");
}

function parsed(schema: z.ZodType, value: unknown, status: 400 | 404 | 422, code: string, detail: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  if (status === 404) throw new Refusal(404, code, detail);
  throw new Refusal(status, code, detail, { errors: fieldProblems(result.error) });
}

function fieldProblems(error: z.ZodError): { path: string; message: string }[] {
  return error.issues.slice(0, 50).flatMap((issue) => {
    const path = issue.path.map(String).join(".");
    if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
    return issue.keys.map((key) => ({ path: path === "" ? key : `${path}.${key}`, message: "this key is not known" }));
  });
}
