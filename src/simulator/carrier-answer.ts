import { newCallee } from "./callee.ts";
import { tellStatus } from "./carrier-callbacks.ts";
import { type SimCall, isOver } from "./carrier-call.ts";
import type { CarrierContext } from "./carrier-context.ts";
import { detectMachine } from "./carrier-detection.ts";
import { endCall } from "./carrier-ending.ts";
import { type CallLine, newCallLine } from "./carrier-line.ts";
import { runProgram } from "./carrier-program.ts";
import { startRecording } from "./carrier-recordings.ts";

/** Somebody picked up: the line comes alive, detection and recording begin as ordered, and the TwiML runs. */
export async function answerCall(context: CarrierContext, call: SimCall): Promise<void> {
  const { clock, ledger } = context.world;
  call.status = "in-progress";
  call.answeredAtMs = clock.nowMs();
  call.updatedAtMs = call.answeredAtMs;
  ledger.record({ kind: "status", status: "in-progress" }, call.sid);
  const line = connectCallee(context, call);
  call.line = line;
  if (call.audio) keepAudio(line, call.audio);
  tellStatus(context, call, "in-progress");
  const limit = clock.setTimer(call.order.timeLimitMs, () => endCall(context, call, { status: "completed", hungUpBy: "carrier", sipCode: 200 }));
  call.over.signal.addEventListener("abort", () => limit.cancel(), { once: true });
  if (call.order.recording) startRecording(context, call, call.order.recording, "OutboundAPI");
  context.ticker.add(line);

  const detected = detectMachine(context, call);
  if (call.order.detection && !call.order.detection.async) await detected;
  if (isOver(call)) return;
  await runProgram(context, call, call.order.program);
  await detected;
}

function connectCallee(context: CarrierContext, call: SimCall) {
  const { world } = context;
  const hangUp = (): void => endCall(context, call, { status: "completed", hungUpBy: "callee", sipCode: 200 });
  const self = { facts: world.factsOf(call.order.to), random: call.random, now: () => world.clock.now() };
  return newCallLine(
    ({ press }) =>
      newCallee(call.persona, self, {
        callSid: call.sid,
        ledger: world.ledger,
        hangUp,
        press: (digit) => {
          world.ledger.record({ kind: "pressed", digit }, call.sid);
          press(digit);
        },
      }),
    (frames) => {
      if (call.faults.hangUpAtFrame !== undefined && frames >= call.faults.hangUpAtFrame) hangUp();
    },
  );
}

function keepAudio(line: CallLine, audio: NonNullable<SimCall["audio"]>): void {
  line.tap((said, played) => {
    audio.said.push(said);
    audio.heard.push(played);
  });
}
