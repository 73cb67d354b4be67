import { pause } from "../domain/clock.ts";
import { assertNever } from "../domain/exhaustive.ts";
import { type SimCall, isOver } from "./carrier-call.ts";
import { between, type CarrierContext } from "./carrier-context.ts";
import { demodulator } from "./modem.ts";

/** Answering-machine detection of one answered call; resolves when there is a verdict, or when the call is over. */
export async function detectMachine(context: CarrierContext, call: SimCall): Promise<void> {
  const { detection } = call.order;
  if (!detection) return;
  const { clock, ledger } = context.world;
  if (detection.async && !detection.callback) ledger.error("amd_without_callback", "AsyncAmd without AsyncAmdStatusCallback: the verdict goes nowhere (21262)", call.sid);
  const fault = call.faults.amd ?? {};
  if (fault.never) return;
  const startedAtMs = clock.nowMs();
  const found = await verdict(context, call, detection);
  if (fault.delayMs !== undefined) await pause(clock, fault.delayMs, call.over.signal);
  if (isOver(call)) return;
  const answeredBy = fault.answeredBy ?? found;
  const detectionMs = Math.round(clock.nowMs() - startedAtMs);
  call.answeredBy = answeredBy;
  ledger.record({ kind: "answered_by", answeredBy, detectionMs }, call.sid);
  if (!detection.async || !detection.callback) return;
  await context.webhooks.send({
    purpose: "amd",
    callSid: call.sid,
    callback: detection.callback,
    form: { CallSid: call.sid, AccountSid: context.world.accountSid, AnsweredBy: answeredBy, MachineDetectionDuration: String(detectionMs) },
  });
}

async function verdict(context: CarrierContext, call: SimCall, detection: NonNullable<SimCall["order"]["detection"]>): Promise<string> {
  const after = async (fromMs: number, toMs: number): Promise<void> => pause(context.world.clock, Math.min(between(call.random, fromMs, toMs), detection.timeoutMs), call.over.signal);
  const { nature } = call.persona;
  switch (nature) {
    case "person":
      await after(1_600, 3_200);
      return "human";
    case "silent":
      await after(5_000, 5_500);
      return "unknown";
    case "announcement":
    case "machine":
      await after(3_000, 4_500);
      if (detection.mode === "Enable") return "machine_start";
      return (await beepHeard(context, call, detection.timeoutMs)) ? "machine_end_beep" : "machine_end_silence";
    default:
      return assertNever(nature, "nature of a callee");
  }
}

/** Waits for the beep at the end of a greeting. */
function beepHeard(context: CarrierContext, call: SimCall, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (heard: boolean): void => {
      timer.cancel();
      untap?.();
      resolve(heard);
    };
    const ear = demodulator(() => undefined, { onSound: (name) => name === "beep" && finish(true) });
    const timer = context.world.clock.setTimer(timeoutMs, () => finish(false));
    const untap = call.line?.tap((said) => ear.push(said));
    call.over.signal.addEventListener("abort", () => finish(false), { once: true });
  });
}
