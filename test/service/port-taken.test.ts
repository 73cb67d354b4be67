import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { startService } from "../../src/service/start-service.ts";
import { testDatabase } from "../support/database.ts";
import { recordingLog } from "../support/log.ts";

test("a port that is in use is said in one sentence that names the setting, without a stack", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const database = await testDatabase();
  onTestFinished(async () => {
    other.close();
    await database.close();
  });
  const { port } = other.address() as AddressInfo;
  const log = recordingLog();
  const config = loadConfig({ PORT: String(port), DATABASE_URL: database.url, DATA_KEY: Buffer.alloc(32, 1).toString("base64"), LOG_LEVEL: "silent" });
  await expect(startService({ config, log })).rejects.toThrow(`port ${port} is in use; set PORT`);
  expect(log.lines.filter((line) => line.level === "error")).toEqual([{ level: "error", sentence: `port ${port} is in use; set PORT to another one, or stop whoever listens there`, fields: {} }]);
});
