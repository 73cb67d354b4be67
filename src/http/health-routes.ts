import type { Express } from "express";
import type { Registry } from "prom-client";

/** Whether the process can serve; `checks` names what was asked and what answered. */
export interface Readiness {
  ready: boolean;
  checks: Readonly<Record<string, boolean>>;
}

/** `/healthz`: the process runs. `/readyz`: it can serve. `/metrics`: counters in Prometheus text. None says anything personal. */
export function healthRoutes(app: Express, deps: { readiness(): Promise<Readiness>; registry: Registry }): void {
  app.get("/healthz", (_request, response) => {
    response.json({ alive: true });
  });
  app.get("/readyz", async (_request, response) => {
    const readiness = await deps.readiness();
    response.status(readiness.ready ? 200 : 503).json(readiness);
  });
  app.get("/metrics", async (_request, response) => {
    response.type(deps.registry.contentType).send(await deps.registry.metrics());
  });
}
