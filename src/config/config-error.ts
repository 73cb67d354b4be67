/** One setting that is wrong or missing. */
export interface ConfigProblem {
  name: string;
  /** What is wrong and what was expected; never the value of a secret. */
  message: string;
}

/** The service cannot start: every problem of the settings at once, so that one round of editing is enough. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const width = Math.max(...problems.map((problem) => problem.name.length));
    const lines = problems.map((problem) => `  ${problem.name.padEnd(width)}  ${problem.message}`);
    super(`${problems.length === 1 ? "1 setting is" : `${problems.length} settings are`} wrong or missing:\n${lines.join("\n")}\nSee .env.example.`);
    this.problems = problems;
  }
}
