import type { z } from "zod";

/** Speaks to the service's own REST API, as any program of a user would. */
export interface ApiClient {
  get<T>(path: string, shape: z.ZodType<T>): Promise<T>;
  post<T>(path: string, body: unknown, shape: z.ZodType<T>): Promise<T>;
  postCsv<T>(path: string, csv: Uint8Array, shape: z.ZodType<T>): Promise<T>;
  text(path: string): Promise<string>;
}

/** `origin` without a trailing slash; `key` is an API key of the account. A refusal throws its problem document's text. */
export function apiClient(origin: string, key: string): ApiClient {
  const authorization = `Bearer ${key}`;
  const answered = async (response: Response): Promise<Response> => {
    if (response.ok) return response;
    throw new Error(`expected success from ${new URL(response.url).pathname}, got ${response.status}: ${await response.text()}`);
  };
  return {
    async get(path, shape) {
      const response = await answered(await fetch(origin + path, { headers: { authorization } }));
      return shape.parse(await response.json());
    },
    async post(path, body, shape) {
      const headers = { authorization, "content-type": "application/json" };
      const response = await answered(await fetch(origin + path, { method: "POST", headers, body: JSON.stringify(body) }));
      return shape.parse(response.status === 204 ? undefined : await response.json());
    },
    async postCsv(path, csv, shape) {
      const headers = { authorization, "content-type": "text/csv" };
      const response = await answered(await fetch(origin + path, { method: "POST", headers, body: Buffer.from(csv) }));
      return shape.parse(await response.json());
    },
    async text(path) {
      return (await answered(await fetch(origin + path, { headers: { authorization } }))).text();
    },
  };
}
