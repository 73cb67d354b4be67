import { dayMs } from "../ist-calendar.ts";

/** An answer to the customer's own transaction comes within 30 minutes, or it is no transactional call (TCCCPR 2018). */
export const transactionLastsMs = 30 * 60_000;

/** Third Amendment 2026: three different people's complaints in ten days set off the ladder of bars. */
export const brakeSpanMs = 10 * dayMs;
export const brakeCount = 3;
/** Second Amendment 2025: at five in ten days every operator bars the sender; no word of the sender's own can be set against that. */
export const barCount = 5;

/** When it is not known whether a phone rang, it is left alone this long. No law: the product's manners. */
export const unknownCallGapMs = 4 * 3_600_000;

/** The span of the cap per week: any seven times 24 hours. */
export const capWeekMs = 7 * dayMs;
