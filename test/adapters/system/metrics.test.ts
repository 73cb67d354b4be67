import { describe, expect, it } from "vitest";
import { systemMetrics } from "../../../src/adapters/system/metrics.ts";

describe("the metrics", () => {
  it("show what dialing did, by result and by the rule that decided", async () => {
    const { registry, dial } = systemMetrics();
    dial.placed("accepted");
    dial.placed("accepted");
    dial.placed("unknown");
    dial.gate("wait", "outside_window");
    dial.sendLatenessMs(12);
    dial.carrierQueueMs(-1);
    dial.ambiguousOpen(3);
    const text = await registry.metrics();
    for (const line of [
      'calls_placed_total{result="accepted"} 2',
      'calls_placed_total{result="unknown"} 1',
      'gate_verdicts_total{decision="wait",code="outside_window"} 1',
      'call_send_lateness_seconds_bucket{le="0.025"} 1',
      "carrier_queue_seconds_count 1",
      "attempts_ambiguous 3",
    ]) {
      expect(text).toContain(line);
    }
  });

  it("read watched numbers when somebody looks", async () => {
    const { registry, watch } = systemMetrics();
    let live = 1;
    watch("live_conversations", "Conversations on this process", () => live);
    live = 4;
    expect(await registry.metrics()).toContain("live_conversations 4");
  });

  it("tell the health of the process, and keep two processes of one test apart", async () => {
    const text = await systemMetrics().registry.metrics();
    expect(text).toContain("process_resident_memory_bytes");
    expect(text).toContain("nodejs_eventloop_lag_seconds");
    expect(await systemMetrics().registry.metrics()).not.toContain('result="accepted"');
  });
});
