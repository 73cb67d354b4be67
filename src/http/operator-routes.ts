import type { KeyDeps } from "./auth/manage-api-keys.ts";
import type { CallUseCases, CampaignUseCases, ErasureUseCases, EvidenceUseCases, ImportUseCases, LawUseCases, OutcomeUseCases, ScrubUseCases, SuppressionUseCases, WebhookUseCases } from "./ports.ts";
import type { Route } from "./route.ts";
import { apiKeyRoutes } from "./routes/api-key-routes.ts";
import { auditRoutes } from "./routes/audit-routes.ts";
import { callRoutes } from "./routes/call-routes.ts";
import { campaignRoutes } from "./routes/campaign-routes.ts";
import { consentRoutes } from "./routes/consent-routes.ts";
import { contactRoutes } from "./routes/contact-routes.ts";
import { erasureRoutes } from "./routes/erasure-routes.ts";
import { evidenceRoutes } from "./routes/evidence-routes.ts";
import { holdRoutes } from "./routes/hold-routes.ts";
import { outcomeRoutes } from "./routes/outcome-routes.ts";
import { paperRoutes } from "./routes/paper-routes.ts";
import { progressEventRoutes } from "./routes/progress-event-routes.ts";
import { scrubRoutes } from "./routes/scrub-routes.ts";
import { suppressionRoutes } from "./routes/suppression-routes.ts";
import { webhookRoutes } from "./routes/webhook-routes.ts";

/** What the operator API can do; `main.ts` fills it with the stages' functions. */
export interface OperatorUseCases {
  campaigns: CampaignUseCases;
  imports: ImportUseCases;
  outcomes: OutcomeUseCases;
  calls: CallUseCases;
  suppressions: SuppressionUseCases;
  scrub: ScrubUseCases;
  law: LawUseCases;
  evidence: EvidenceUseCases;
  webhooks: WebhookUseCases;
  erasures: ErasureUseCases;
}

/** Every route of the operator API. Doors, document and tests are made from this one table. */
export function operatorRoutes(deps: KeyDeps, useCases: OperatorUseCases): Route[] {
  return [
    ...campaignRoutes(useCases.campaigns),
    ...progressEventRoutes({ clock: deps.clock, campaigns: useCases.campaigns }),
    ...contactRoutes(useCases.imports),
    ...outcomeRoutes(useCases),
    ...callRoutes(useCases.calls),
    ...suppressionRoutes(useCases.suppressions),
    ...scrubRoutes(useCases.scrub),
    ...paperRoutes(useCases.law),
    ...consentRoutes(useCases.law),
    ...holdRoutes(useCases.law),
    ...evidenceRoutes(useCases.evidence),
    ...webhookRoutes(useCases.webhooks),
    ...erasureRoutes(useCases.erasures),
    ...apiKeyRoutes(deps),
    ...auditRoutes(deps),
  ];
}
