import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Templates } from "../../schedule/ports.ts";

const ending = ".yaml";

/** The definitions in a folder: `campaigns/emi-reminder.yaml` is the template `emi-reminder`. Read anew each time, so that an edit counts at once. */
export function campaignTemplates(folder: string): Templates {
  return {
    async load(name) {
      const text = await readIfThere(join(folder, `${name}${ending}`));
      return text === undefined ? undefined : parseYaml(text, `${name}${ending}`);
    },
    async names() {
      const files = await readdir(folder);
      return files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length)).sort();
    },
  };
}

/** YAML as a plain value; an error names the file, the line and what is wrong. Aliases are refused: they can blow a short text up without end. */
export function parseYaml(text: string, fileName: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0, prettyErrors: true }) as unknown;
  } catch (error) {
    throw new Error(`${fileName} is not valid YAML: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
