import { oneOf, type Random } from "../../domain/random.ts";
import type { ServiceName } from "./service-deps.ts";

/**
 * How one connection or request of a service goes wrong (docs/reliability.md R4.1):
 *
 * - `status`           refused with an HTTP status before anything else; 429 may carry `retryAfterMs` and the vendor's `detail`
 * - `reset`            the TCP connection is reset
 * - `blackhole`        the connection stands, nothing is ever answered, not even the handshake
 * - `close_1008`       accepted, then closed with policy violation after `afterMs`
 * - `slow_start`       the first answer is late by `delayMs`
 * - `dribble`          every piece of the answer is late by `gapMs`
 * - `keep_alive_only`  accepted and kept alive (pings, SSE comments), no answer ever
 * - `empty`            success without content: no audio, no words, no text
 * - `stall`            silent for good after `afterPieces` pieces of the answer
 * - `garbage`          answers that are not in the protocol
 * - `cut`              the connection breaks without a goodbye after `everyMs`
 * - `length`           language model only: stops after `afterPieces` pieces with finish reason "length"
 */
export type ServiceFault =
  | { kind: "status"; status: 401 | 403 | 429 | 500 | 503; retryAfterMs?: number; detail?: "too_many_concurrent_requests" | "system_busy" }
  | { kind: "reset" }
  | { kind: "blackhole" }
  | { kind: "close_1008"; afterMs: number }
  | { kind: "slow_start"; delayMs: number }
  | { kind: "dribble"; gapMs: number }
  | { kind: "keep_alive_only" }
  | { kind: "empty" }
  | { kind: "stall"; afterPieces: number }
  | { kind: "garbage" }
  | { kind: "cut"; everyMs: number }
  | { kind: "length"; afterPieces: number };

/** Which connections of a service meet which fault. */
export type FaultPlan =
  | { kind: "none" }
  | { kind: "always"; fault: ServiceFault }
  /** One entry per connection or request, in order; afterwards all is well. */
  | { kind: "script"; faults: readonly (ServiceFault | undefined)[] }
  /** Each connection or request with the given probability, drawn from the seed. */
  | { kind: "chance"; probability: number; faults: readonly [ServiceFault, ...ServiceFault[]] };

/** Where services ask how they shall fail. The plan may change at any time; it holds for connections opened afterwards. */
export interface FaultDesk {
  /** The fault of the connection or request that begins now. */
  next(service: ServiceName): ServiceFault | undefined;
  set(service: ServiceName, plan: FaultPlan): void;
}

/** A desk whose services are all well until told otherwise. */
export function faultDesk(random: Random, plans: Partial<Record<ServiceName, FaultPlan>> = {}): FaultDesk {
  const current = new Map(Object.entries(plans) as [ServiceName, FaultPlan][]);
  const used = new Map<ServiceName, number>();
  return {
    next(service) {
      const plan = current.get(service) ?? { kind: "none" };
      const count = used.get(service) ?? 0;
      used.set(service, count + 1);
      switch (plan.kind) {
        case "none":
          return undefined;
        case "always":
          return plan.fault;
        case "script":
          return plan.faults[count];
        case "chance":
          return random.fraction() < plan.probability ? oneOf(random, plan.faults) : undefined;
      }
    },
    set(service, plan) {
      current.set(service, plan);
      used.set(service, 0);
    },
  };
}
