import type { IncomingMessage, ServerResponse } from "node:http";
import { type SimCall, isOver } from "./carrier-call.ts";
import { forgeCallback } from "./carrier-callbacks.ts";
import type { CarrierContext, CarrierOptions } from "./carrier-context.ts";
import { carrierRest, restPath } from "./carrier-rest.ts";
import { openSocket } from "./carrier-stream.ts";
import { newTicker } from "./carrier-ticker.ts";
import { newWebhooks } from "./carrier-webhooks.ts";
import { endCall } from "./carrier-ending.ts";
import type { MountedVendor, World } from "./world.ts";

/** The simulated carrier: REST interface, webhooks, media streams, and the people it rings. */
export interface MountedCarrier extends MountedVendor {
  /** Calls that are not over. */
  liveCalls(): number;
  /** The callee of a live call hangs up now. */
  hangUp(callSid: string): void;
  /** The callee of a live call presses a key. */
  press(callSid: string, digit: string): void;
  /** Sends a status callback with a wrong signature; a 2xx answer is an error in the ledger. Answers the status. */
  forgeCallback(callSid: string, status?: string): Promise<number | null>;
  /** Opens a media socket with a wrong signature; a handshake that succeeds is an error in the ledger. Answers whether it did. */
  forgeStream(url: string): Promise<boolean>;
  /** Both sides of a call, when the world keeps audio. */
  audioOf(callSid: string): { said: Uint8Array; heard: Uint8Array } | undefined;
}

export function mountCarrier(world: World, options: CarrierOptions = {}): MountedCarrier {
  const closing = new AbortController();
  const calls = new Map<string, SimCall>();
  const context: CarrierContext = {
    world,
    options,
    calls,
    createdTo: new Map(),
    callsByNumber: new Map(),
    ticker: newTicker(world.clock, (lostMs) => world.log.warn("The phone world could not keep up with its clock and skipped line time.", { lostMs: Math.round(lostMs) })),
    webhooks: newWebhooks(world, closing.signal, (callSid, sent) => calls.get(callSid)?.webhooks.push(sent)),
    nextDequeueAtMs: 0,
    closing: closing.signal,
  };
  const rest = carrierRest(context);
  return {
    request(request: IncomingMessage, response: ServerResponse) {
      if (!request.url?.startsWith(restPath)) return false;
      forgetOldCalls(context);
      rest(request, response);
      return true;
    },
    upgrade: () => false,
    close() {
      closing.abort();
      context.ticker.stop();
      for (const call of calls.values()) if (!isOver(call)) abandon(call);
      return Promise.resolve();
    },
    liveCalls: () => [...calls.values()].filter((call) => !isOver(call)).length,
    hangUp: (callSid) => {
      const call = calls.get(callSid);
      if (call?.status === "in-progress") endCall(context, call, { status: "completed", hungUpBy: "callee", sipCode: 200 });
    },
    press: (callSid, digit) => {
      world.ledger.record({ kind: "pressed", digit }, callSid);
      calls.get(callSid)?.line?.pressed(digit);
    },
    forgeCallback(callSid, status = "completed") {
      const call = calls.get(callSid);
      if (!call) throw new RangeError(`expected a call of this world, got ${callSid}`);
      return forgeCallback(context, call, status);
    },
    forgeStream: (url) => forgeStream(context, url),
    audioOf: (callSid) => {
      const { said, heard } = calls.get(callSid)?.audio ?? {};
      return said && heard ? { said: Buffer.concat(said), heard: Buffer.concat(heard) } : undefined;
    },
  };
}

/** The world ends: nothing more is told to anybody. */
function abandon(call: SimCall): void {
  call.status = "failed";
  call.program.abort();
  call.over.abort();
}

function forgetOldCalls({ calls, options }: CarrierContext): void {
  const keepCalls = options.keepCalls ?? Number.POSITIVE_INFINITY;
  if (calls.size <= keepCalls * 1.1) return;
  for (const [sid, call] of calls) {
    if (calls.size <= keepCalls) return;
    if (isOver(call)) calls.delete(sid);
  }
}

function forgeStream(context: CarrierContext, url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = openSocket(url, "bm90IHRoZSB0b2tlbg==");
    socket.on("error", () => resolve(false));
    socket.on("open", () => {
      context.world.ledger.error("unsigned_request_accepted", `${url} opened to a wrong signature`);
      socket.close();
      resolve(true);
    });
  });
}

