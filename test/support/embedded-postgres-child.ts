import pg from "pg";
import { startEmbeddedPostgres } from "../../src/adapters/system/embedded-postgres.ts";
import { silentLog } from "./log.ts";

/** A program that starts the embedded server, says where, and then lives until somebody ends it. */
const dataDir = process.argv[2];
const server = await startEmbeddedPostgres({ log: silentLog, ...(dataDir ? { dataDir } : {}) });
const client = new pg.Client({ connectionString: server.url });
await client.connect();
const row = (await client.query<{ folder: string; pid: number }>("select current_setting('data_directory') as folder, pg_backend_pid() as pid")).rows[0];
await client.end();
process.send?.({ url: server.url, reused: server.reused, folder: row?.folder });
process.on("message", () => void server.stop().then(() => process.exit(0)));
