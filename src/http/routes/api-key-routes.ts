import { z } from "zod";
import type { ApiKeyId } from "../../domain/ids.ts";
import { createApiKey, type KeyDeps, listApiKeys, revokeApiKey } from "../auth/manage-api-keys.ts";
import { scopes } from "../auth/scopes.ts";
import { defined } from "../defined.ts";
import { created, noContent, ok } from "../reply.ts";
import { defineRoute, type Route, sentJson } from "../route.ts";
import { idOf, instantInput, instantOrNull, instantText, pageOf, pageQuery, pageWire } from "../wire/common-wire.ts";

const tag = "API keys";

const apiKeyWire = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.string()),
    created_at: instantText,
    expires_at: instantOrNull,
    last_used_at: instantOrNull,
    revoked_at: instantOrNull,
  })
  .meta({ id: "ApiKey" });

const newApiKeyWire = z.strictObject({
  name: z.string().min(1).max(120),
  scopes: z.array(z.enum(scopes)).min(1),
  expires_at: instantInput.nullable().default(null),
});

/** Keys of the account: made (shown once), listed, ended. */
export function apiKeyRoutes(deps: KeyDeps): Route[] {
  return [
    defineRoute({
      method: "post",
      path: "/v1/api-keys",
      tag,
      summary: "Make an API key; it is shown only in this answer",
      scope: "admin",
      audit: { action: "api_key.created", subject: "id" },
      body: newApiKeyWire,
      answer: { status: 201, schema: apiKeyWire.extend({ key: z.string() }).meta({ id: "NewApiKey" }) },
      problems: ["scope_not_held", "already_expired"],
      async handle({ caller, body }) {
        const { name, scopes: granted, expires_at: expiresAt } = sentJson(body);
        const made = await createApiKey(deps, { caller, name, scopes: granted, expiresAt });
        return created(made);
      },
    }),
    defineRoute({
      method: "get",
      path: "/v1/api-keys",
      tag,
      summary: "List API keys, newest first",
      scope: "admin",
      query: pageQuery,
      answer: { status: 200, schema: pageWire(apiKeyWire) },
      async handle({ caller, query }) {
        return ok(pageOf(await listApiKeys(deps, defined({ accountId: caller.accountId, ...query }))));
      },
    }),
    defineRoute({
      method: "delete",
      path: "/v1/api-keys/:key_id",
      tag,
      summary: "End an API key at once",
      scope: "admin",
      audit: { action: "api_key.revoked", subject: "key_id" },
      params: z.strictObject({ key_id: idOf<ApiKeyId>("an API key") }),
      answer: { status: 204 },
      problems: ["api_key_not_found"],
      async handle({ caller, params }) {
        await revokeApiKey(deps, { accountId: caller.accountId, id: params.key_id });
        return noContent;
      },
    }),
  ];
}
