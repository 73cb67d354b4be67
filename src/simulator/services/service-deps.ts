import type { Clock } from "../../domain/clock.ts";
import type { Log } from "../../domain/log.ts";
import type { Random } from "../../domain/random.ts";
import type { FaultDesk } from "./service-faults.ts";
import type { VendorLatencies } from "./vendor-latencies.ts";

/** The vendors of speech and language whose wire protocols the simulator speaks. */
export const serviceNames = ["deepgram", "elevenlabs", "openai", "openai_realtime", "openai_transcription"] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Something our side did that the real vendor would refuse, ignore or charge for: always a bug of ours. */
export interface Misuse {
  service: ServiceName;
  /** Stable, for tests: "unknown_query_parameter", "closed_context" … */
  code: string;
  detail: string;
}

/** Which scripted model answers: a capable agent, or one that does whatever the callee says (for injection tests). */
export type BrainMode = "competent" | "obedient_to_attacker";

export interface ServiceDeps {
  clock: Clock;
  /** The chance of the next connection or request of a service: the same for the same seed and count. */
  randomOf: (service: ServiceName) => Random;
  log: Log;
  faults: FaultDesk;
  /** Writes a misuse into the ledger of the phone world. */
  onMisuse: (misuse: Misuse) => void;
  /** Writes down what was used of a service: what a bill would show. */
  onUse: (service: ServiceName, what: string, fields: Readonly<Record<string, unknown>>) => void;
  brain: BrainMode;
  latencies: VendorLatencies;
  /** Keys that are accepted; a service without an entry accepts any that is well formed. */
  keys: Readonly<Partial<Record<ServiceName, string>>>;
}
