/**
 * Does for many in one go what each asks for. Whoever asks while nothing runs is served at once, alone; those who ask
 * while a run is under way are served together by the next one. Nobody waits for company, so a lone call loses nothing and
 * a hundred at once share their round trips and their commits.
 *
 * `run` answers one value per item, in their order. It must not wait for the clock: everybody behind it would.
 */
export type Together<I, O> = (item: I, run: (items: readonly I[]) => Promise<readonly O[]>) => Promise<O>;

export interface TogetherOptions {
  /** Items of one run. */
  most: number;
  /** Runs under way at once; default 1. */
  runs?: number;
  /**
   * When a run of several fails, each item is run alone, so that one that cannot be served does not take the others with
   * it. Only for runs that may be repeated. After two failures in a row the fault is not an item's, and the rest fail too.
   */
  aloneAfterFailure?: boolean;
}

interface Waiting<I, O> {
  item: I;
  run: (items: readonly I[]) => Promise<readonly O[]>;
  answer(value: O): void;
  fail(error: unknown): void;
}

export function newTogether<I, O>(options: TogetherOptions): Together<I, O> {
  const { most, runs = 1, aloneAfterFailure = false } = options;
  const waiting: Waiting<I, O>[] = [];
  let underWay = 0;
  const pump = (): void => {
    if (underWay >= runs) return;
    const [first, ...others] = waiting.splice(0, most);
    if (!first) return;
    underWay += 1;
    void serve(first, others, aloneAfterFailure).finally(() => {
      underWay -= 1;
      pump();
    });
  };
  return (item, run) =>
    new Promise<O>((answer, fail) => {
      waiting.push({ item, run, answer, fail });
      pump();
    });
}

async function serve<I, O>(first: Waiting<I, O>, others: readonly Waiting<I, O>[], aloneAfterFailure: boolean): Promise<void> {
  const all = [first, ...others];
  try {
    const values = await first.run(all.map((each) => each.item));
    if (values.length !== all.length) throw new Error(`expected ${all.length} answers of a run, got ${values.length}`);
    for (const [index, value] of values.entries()) all[index]?.answer(value);
  } catch (error) {
    if (aloneAfterFailure && others.length > 0) await eachAlone(all);
    else for (const each of all) each.fail(error);
  }
}

async function eachAlone<I, O>(all: readonly Waiting<I, O>[]): Promise<void> {
  let failures = 0;
  let last: unknown;
  for (const each of all) {
    if (failures >= 2) {
      each.fail(last);
      continue;
    }
    try {
      const values = await each.run([each.item]);
      if (values.length !== 1) throw new Error(`expected one answer of a run of one, got ${values.length}`);
      for (const value of values) each.answer(value);
      failures = 0;
    } catch (error) {
      failures += 1;
      last = error;
      each.fail(error);
    }
  }
}
