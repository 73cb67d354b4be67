import type { Sector } from "../../domain/definition.ts";

/** Codes of the customer preference register, TCCCPR 2018 Schedule II. Numeric codes of modes, day 30 and day 38 are general knowledge. */
export const preferenceCategories = [1, 2, 3, 4, 5, 6, 7, 8] as const;

export const allModes = 10;
/** Voice call, pre-recorded announcement, robo-call: no instrument says which of them speech made by a machine is, so it counts as each. */
export const artificialVoiceModes = [11, 13, 15] as const;
/** Auto-dialer call that connects to a live agent. */
export const transferMode = 14;
export const preferenceModes = [10, 11, 12, 13, 14, 15] as const;

export const allBands = 20;
/** Hours [from, to) IST of each time band. */
export const preferenceBands: Readonly<Record<number, { from: string; to: string }>> = {
  21: { from: "00:00", to: "06:00" },
  22: { from: "06:00", to: "08:00" },
  23: { from: "08:00", to: "10:00" },
  24: { from: "10:00", to: "12:00" },
  25: { from: "12:00", to: "14:00" },
  26: { from: "14:00", to: "16:00" },
  27: { from: "16:00", to: "18:00" },
  28: { from: "18:00", to: "21:00" },
  29: { from: "21:00", to: "24:00" },
};

export const allDays = 30;
/** 31 is Monday, 37 Sunday; the code minus 30 is the ISO week day. */
export const weekdayCodes = [31, 32, 33, 34, 35, 36, 37] as const;
/** Public and national holidays: closed to a subscriber's calls only when that subscriber chose it. */
export const publicHolidayCode = 38;

/** The preference category that a sector's offers belong to, where there is only one. */
export const categoryOfSector: Readonly<Partial<Record<Sector, number>>> = { lending: 1, insurance: 1, education: 3, health: 4 };
