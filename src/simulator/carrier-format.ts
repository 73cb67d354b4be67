import { istFromMs } from "../domain/clock.ts";

/** RFC 2822 in UTC, as the carrier writes instants: "Mon, 23 Nov 2026 05:30:00 +0000"; null stays null. */
export function rfc2822(epochMs: number): string;
export function rfc2822(epochMs: number | null): string | null;
export function rfc2822(epochMs: number | null): string | null {
  return epochMs === null ? null : istFromMs(Math.floor(epochMs)).toUTC().toRFC2822();
}
