import { Histogram, type Registry } from "prom-client";

/** Counts and times requests by route pattern, never by URL: a URL may hold a number. */
export function requestMetrics(registry: Registry): (answered: { method: string; route: string; status: number; seconds: number }) => void {
  const known = registry.getSingleMetric("http_request_seconds");
  const histogram =
    known instanceof Histogram
      ? known
      : new Histogram({
          name: "http_request_seconds",
          help: "Time to answer a request of the operator API",
          labelNames: ["method", "route", "status"],
          buckets: [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 3, 10, 60],
          registers: [registry],
        });
  return ({ method, route, status, seconds }) => histogram.observe({ method, route, status: String(status) }, seconds);
}
