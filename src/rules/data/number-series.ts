import type { Sector } from "../../domain/definition.ts";

/** Indian number series that say who calls: 140 promotional, 1600 service of regulated finance, 1601 service of further sectors. */
export const numberSeries = ["140", "1600", "1601"] as const;
export type NumberSeries = (typeof numberSeries)[number];

/** Promotional calls of every sector. */
export const promotionalSeries: NumberSeries = "140";

/**
 * The series a sector's service and transactional calls must present, and from which IST date. Lenders had dates between
 * 1 January and 1 March 2026 by kind; we do not know the kind, so the earliest counts for all. Education, health, retail
 * and other sectors have no series of their own yet.
 * TRAI directions of 19 November 2025 (RBI, PFRDA, SEBI entities) and 10 August 2026 (1601: utilities, courier, logistics,
 * operators to onboard within 90 days); IRDAI circular of 6 January 2026.
 */
export const serviceSeries: Readonly<Partial<Record<Sector, { series: NumberSeries; from: string }>>> = {
  lending: { series: "1600", from: "2026-01-01" },
  insurance: { series: "1600", from: "2026-02-15" },
  utility: { series: "1601", from: "2026-11-08" },
};
