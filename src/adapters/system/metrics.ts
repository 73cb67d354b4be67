import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { DialMetrics } from "../../dial/ports.ts";

export interface SystemMetrics {
  /** What `/metrics` shows, in Prometheus text. */
  registry: Registry;
  dial: DialMetrics;
  /** Shows a number that is read whenever somebody looks ("live_conversations"). */
  watch(name: string, help: string, read: () => number): void;
  /** The same for several numbers, told apart by a label. */
  watchEach(name: string, help: string, label: string, read: () => ReadonlyMap<string, number>): void;
}

/** Metrics of one process: its own health (memory, event loop) and what it does. Labels are words of ours, never a person's data. */
export function systemMetrics(): SystemMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    dial: dialMetrics(registry),
    watch(name, help, read) {
      const gauge = new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(read());
        },
      });
      registry.registerMetric(gauge);
    },
    watchEach(name, help, label, read) {
      const gauge = new Gauge({
        name,
        help,
        labelNames: [label],
        registers: [],
        collect() {
          this.reset();
          for (const [each, value] of read()) this.set({ [label]: each }, value);
        },
      });
      registry.registerMetric(gauge);
    },
  };
}

function dialMetrics(registry: Registry): DialMetrics {
  const registers = [registry];
  const placed = new Counter({ name: "calls_placed_total", help: "Requests to place a call, by what became of them", labelNames: ["result"], registers });
  const gate = new Counter({ name: "gate_verdicts_total", help: "Verdicts of the gate, by the rule that decided", labelNames: ["decision", "code"], registers });
  const lateness = new Histogram({
    name: "call_send_lateness_seconds",
    help: "How long after its place in the pace a request left",
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const carrierQueue = new Histogram({
    name: "carrier_queue_seconds",
    help: "How long the carrier says a call will wait; above 2 s our pace is too fast",
    buckets: [0.1, 0.5, 1, 2, 5, 15, 60, 300],
    registers,
  });
  const ambiguous = new Gauge({ name: "attempts_ambiguous", help: "Attempts of which nobody knows whether a phone rings", registers });
  const parked = new Gauge({ name: "callbacks_set_aside", help: "Callbacks of the carrier that break a constraint whenever they are folded; see the runbook", registers });
  return {
    placed: (result) => placed.inc({ result }),
    gate: (decision, code) => gate.inc({ decision, code }),
    sendLatenessMs: (ms) => lateness.observe(Math.max(0, ms) / 1_000),
    carrierQueueMs: (ms) => carrierQueue.observe(Math.max(0, ms) / 1_000),
    ambiguousOpen: (count) => ambiguous.set(count),
    factsParked: (count) => parked.set(count),
  };
}
