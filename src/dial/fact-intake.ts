import { brokenConstraint } from "./database-errors.ts";
import { foldAttempt } from "./fold-attempt.ts";
import { storeFacts, type TokenFact } from "./inbox.queries.ts";
import type { DialDeps } from "./ports.ts";

/**
 * Where the door hands facts in. Requests that arrive together are stored by one statement, so that a slow database
 * slows each of them by one round trip and not by a queue of them; folding follows, out of the request's way.
 */
export interface FactIntake {
  /** Resolves when the fact is stored; rejects when it could not be, or when too many wait: the carrier then tries again. */
  receive(input: TokenFact): Promise<void>;
  /** Resolves when everything handed in is stored and folded. */
  idle(): Promise<void>;
}

export interface FactIntakeOptions {
  /** Facts that may wait for the database; default 2,000. */
  maxWaiting?: number;
  /** Statements under way at once; default 2. */
  maxWrites?: number;
  /** Attempts folded at once; default 32: they share transactions. */
  maxFolds?: number;
}

interface Waiting extends TokenFact {
  stored(): void;
  failed(error: unknown): void;
}

const rowsPerWrite = 200;

export function newFactIntake(deps: DialDeps, options: FactIntakeOptions = {}): FactIntake {
  const { maxWaiting = 2_000, maxWrites = 2, maxFolds = 32 } = options;
  const waiting: Waiting[] = [];
  const toFold = new Set<string>();
  const idlers: (() => void)[] = [];
  let writes = 0;
  let folds = 0;

  const settle = (): void => {
    if (waiting.length === 0 && toFold.size === 0 && writes === 0 && folds === 0) for (const done of idlers.splice(0)) done();
  };
  const write = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      await storeFacts(deps.db, batch, new Date(deps.clock.nowMs()));
      await deps.crashPoint?.("fact_stored", {});
      for (const each of batch) {
        each.stored();
        toFold.add(each.token);
      }
    } catch (error) {
      for (const each of batch) each.failed(error);
    } finally {
      writes -= 1;
      pump();
    }
  };
  const fold = async (token: string): Promise<void> => {
    try {
      await foldAttempt(deps, { token, boundBy: "callback" });
      await deps.crashPoint?.("fact_folded", { token });
    } catch (error) {
      deps.log.warn("could not fold a stored fact at once; the inbox keeps it for a later try", { constraint: brokenConstraint(error), error });
    } finally {
      folds -= 1;
      pump();
    }
  };
  const pump = (): void => {
    while (writes < maxWrites && waiting.length > 0) {
      writes += 1;
      void write(waiting.splice(0, rowsPerWrite));
    }
    for (const token of toFold) {
      if (folds >= maxFolds) break;
      toFold.delete(token);
      folds += 1;
      void fold(token);
    }
    settle();
  };

  return {
    receive(input) {
      if (waiting.length >= maxWaiting) return Promise.reject(new Error("expected room for a fact, but too many wait for the database"));
      return new Promise((stored, failed) => {
        waiting.push({ ...input, stored, failed });
        pump();
      });
    },
    idle: () =>
      new Promise((resolve) => {
        idlers.push(resolve);
        settle();
      }),
  };
}
