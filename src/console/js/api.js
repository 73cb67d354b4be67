const storeKey = "dialer-api-key";

/** A refusal of the API, with its problem document. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? `the service answered ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

/** The key lives as long as the tab. */
export const session = {
  get key() {
    return sessionStorage.getItem(storeKey);
  },
  set key(value) {
    if (value) sessionStorage.setItem(storeKey, value);
    else sessionStorage.removeItem(storeKey);
  },
};

/** Calls the API; throws `Refused`. A key that opens nothing any more signs out. */
export async function request(method, path, { body, type, key = session.key, signal } = {}) {
  const headers = { authorization: `Bearer ${key}` };
  if (body !== undefined) headers["content-type"] = type ?? "application/json";
  if (method === "POST") headers["idempotency-key"] = crypto.randomUUID?.() ?? `${performance.now()}-${Math.random()}`;
  let response;
  try {
    const content = body === undefined || type ? body : JSON.stringify(body);
    response = await fetch(path, { method, headers, ...(content === undefined ? {} : { body: content }), signal, cache: "no-store" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, { detail: "the service cannot be reached" });
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => undefined);
  if (response.status === 401 && session.key) {
    session.key = null;
    window.dispatchEvent(new Event("signed-out"));
  }
  throw new Refused(response.status, problem);
}

export const getJson = async (path, options) => (await request("GET", path, options)).json();

export async function send(method, path, body) {
  const response = await request(method, path, { body });
  return response.status === 204 ? undefined : response.json();
}

/** Every page of a list. */
export async function getAll(path, most = 1_000) {
  const items = [];
  let cursor = null;
  do {
    const page = await getJson(`${path}?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && items.length < most);
  return items;
}

/** Saves a download under its own name; the key cannot travel in a link. */
export async function save(path, fileName) {
  const response = await request("GET", path);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The first rows of an NDJSON download; the rest is not fetched. */
export async function firstRows(path, most) {
  const stop = new AbortController();
  const response = await request("GET", path, { signal: stop.signal });
  const rows = [];
  let text = "";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    text += value ?? "";
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) if (line && rows.length < most) rows.push(JSON.parse(line));
    if (done || rows.length >= most) break;
  }
  stop.abort();
  return rows;
}

/** Listens to a campaign's events until the signal aborts; comes back by itself when the line drops, and looks now and then whether a campaign that is over runs again. `onState` tells "live", "waiting" or "over". */
export async function listen(path, { signal, onEvent, onState }) {
  while (!signal.aborted) {
    let over = false;
    try {
      const response = await request("GET", path, { signal });
      onState("live");
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        text += value;
        const events = text.split("\n\n");
        text = events.pop() ?? "";
        for (const event of events) {
          if (event.startsWith("event: end\n")) {
            over = true;
            continue;
          }
          const data = event.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
          if (data) onEvent(JSON.parse(data));
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 401 || error.status === 403 || error.status === 404) throw error;
    }
    onState(over ? "over" : "waiting");
    await new Promise((resolve) => setTimeout(resolve, over ? 5_000 : 2_000));
  }
}
