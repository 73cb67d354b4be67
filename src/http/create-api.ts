import express, { type Express, type RequestHandler } from "express";
import type { Registry } from "prom-client";
import type { Db } from "../db/database.ts";
import type { Clock } from "../domain/clock.ts";
import { Refusal } from "../domain/errors.ts";
import type { Log } from "../domain/log.ts";
import type { Random } from "../domain/random.ts";
import type { Vault } from "../domain/vault.ts";
import { importLimits } from "../intake/import-limits.ts";
import { failedLogins } from "./auth/failed-logins.ts";
import { defaultRateLimit, type RateLimit } from "./auth/rate-limit.ts";
import { consoleFiles } from "./console-files.ts";
import { docsPage } from "./docs-page.ts";
import { type Readiness, healthRoutes } from "./health-routes.ts";
import { openApiDocument } from "./openapi.ts";
import { problemOf, sendProblem } from "./problem.ts";
import type { BodyLimits } from "./read-body.ts";
import { nameRequests, requestIdOf } from "./request-id.ts";
import { requestMetrics } from "./request-metrics.ts";
import type { Route } from "./route.ts";
import { securityHeaders } from "./security-headers.ts";
import { type DoorDeps, serveRoute } from "./serve-route.ts";

export interface ApiDeps {
  db: Db;
  clock: Clock;
  random: Random;
  log: Log;
  vault: Vault;
  registry: Registry;
  /** The table of all routes, from `operatorRoutes`. */
  routes: readonly Route[];
  /** Whether this process can serve now. */
  readiness(): Promise<Readiness>;
  /** Other doors on the same port (the carrier's webhooks), tried before the answer 404. */
  otherDoors?: RequestHandler;
  /** Default: `defaultRateLimit`. */
  rateLimit?: RateLimit;
  /** Default: 2 MB of JSON, lists up to the limits of imports. */
  bodyLimits?: BodyLimits;
}

const defaultBodyLimits = { maxJsonBytes: 2 * 1024 * 1024, maxListBytes: importLimits.maxBytes } as const satisfies BodyLimits;

/** The operator API, its documentation, the console and the health doors as one express application. */
export function createApi(deps: ApiDeps): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", false);
  app.set("case sensitive routing", true);
  app.set("strict routing", true);
  app.use(nameRequests(deps.random));
  app.use(securityHeaders);
  healthRoutes(app, { readiness: () => deps.readiness(), registry: deps.registry });
  docsPage(app, openApiDocument(deps.routes));
  consoleFiles(app);
  if (deps.otherDoors) app.use(deps.otherDoors);

  const door: DoorDeps = {
    db: deps.db,
    clock: deps.clock,
    random: deps.random,
    log: deps.log,
    vault: deps.vault,
    rateLimit: deps.rateLimit ?? defaultRateLimit,
    bodyLimits: deps.bodyLimits ?? defaultBodyLimits,
    failedLogins: failedLogins(deps.clock),
    observe: requestMetrics(deps.registry),
  };
  for (const route of deps.routes) app[route.method](route.path, serveRoute(door, route));
  for (const [path, methods] of methodsByPath(deps.routes)) app.all(path, methodNotAllowed(methods));
  app.use(notFound);
  app.use(lastResort(deps.log));
  return app;
}

function methodsByPath(routes: readonly Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const route of routes) methods.set(route.path, [...(methods.get(route.path) ?? []), route.method.toUpperCase()]);
  return methods;
}

function methodNotAllowed(methods: readonly string[]): RequestHandler {
  return (request, response) => {
    response.setHeader("Allow", methods.join(", "));
    sendProblem(response, { status: 405, code: "method_not_allowed", detail: `expected ${methods.join(" or ")}, got ${request.method}`, retryable: false });
  };
}

const notFound: RequestHandler = (_request, response) => {
  sendProblem(response, { status: 404, code: "not_found", detail: "there is nothing here; GET /openapi.json lists all routes", retryable: false });
};

/** What express itself refuses (a path that cannot be decoded) or a door did not handle. */
function lastResort(log: Log): express.ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error instanceof URIError) {
      sendProblem(response, problemOf(new Refusal(400, "bad_path", "expected a path that can be decoded")));
      return;
    }
    log.error("a request failed outside the routes", { requestId: requestIdOf(response), error });
    sendProblem(response, problemOf(error));
  };
}
