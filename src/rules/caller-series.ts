import { type AcknowledgeableCode } from "../domain/campaign.ts";
import type { Sector } from "../domain/definition.ts";
import { callClass } from "./call-class.ts";
import { type NumberSeries, numberSeries, promotionalSeries, serviceSeries } from "./data/number-series.ts";
import type { CampaignFacts } from "./facts.ts";
import { istDateStartMs } from "./ist-calendar.ts";

/** What a caller number shows the person called. */
export function seriesOf(callerNumber: string): NumberSeries | "foreign" | "ordinary" {
  if (!callerNumber.startsWith("+91")) return "foreign";
  const national = callerNumber.slice(3);
  return numberSeries.find((series) => national.length === 10 && national.startsWith(series)) ?? "ordinary";
}

/** Why a number may not be presented. With an acknowledgeable code an operator may vouch for it. */
export type SeriesFault =
  | { code: Extract<AcknowledgeableCode, "foreign_caller_number" | "no_series_for_sector">; message: string; acknowledgeable: true }
  | { code: "wrong_caller_number_series"; message: string; acknowledgeable: false };

type SeriesFacts = Pick<CampaignFacts, "purpose" | "sector" | "microfinance" | "consentBasis">;

/** The fault of presenting this number for such calls at this instant, or null. */
export function seriesFault(facts: SeriesFacts, callerNumber: string, nowMs: number): SeriesFault | null {
  const series = seriesOf(callerNumber);
  const required = requiredSeries(facts, nowMs);
  if (series === "foreign") {
    const should = required ? `the ${required} series is asked for here` : "an Indian number is asked for";
    const message = `${callerNumber} is a foreign number: ${should}; Twilio rents no Indian outbound numbers, an operator's own number over a BYOC trunk would do`;
    return { code: "foreign_caller_number", message, acknowledgeable: true };
  }
  if (series === required) return null;
  if (required) {
    return { code: "wrong_caller_number_series", message: `${callerNumber} is not of the ${required} series, which such calls must present`, acknowledgeable: false };
  }
  if (series === "140" || series === "1600") {
    const owner = series === "140" ? "promotional calls" : "regulated finance and government";
    return { code: "wrong_caller_number_series", message: `${callerNumber} is of the ${series} series, which is for ${owner} only`, acknowledgeable: false };
  }
  const message = `no number series is allotted to service calls of this sector (${sectorOf(facts)}); your operator must have authorised ${callerNumber} for them`;
  return { code: "no_series_for_sector", message, acknowledgeable: true };
}

/** Whoever collects on microfinance loans lends, whatever sector the definition states. */
function sectorOf({ sector, microfinance }: SeriesFacts): Sector {
  return microfinance ? "lending" : sector;
}

function requiredSeries(facts: SeriesFacts, nowMs: number): NumberSeries | null {
  if (callClass(facts) === "promotional") return promotionalSeries;
  const duty = serviceSeries[sectorOf(facts)];
  return duty && nowMs >= istDateStartMs(duty.from) ? duty.series : null;
}
