import type { DateTime } from "luxon";
import type { Paise } from "../../domain/money.ts";
import type { Tongue } from "./callee-facts.ts";

/** One sentence in every tongue a callee may use. */
export type Wording = Readonly<Record<Tongue, string>>;

const hindiNumbers =
  "शून्य एक दो तीन चार पाँच छह सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस तीस इकतीस".split(" ");
const englishMonths = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** An amount of whole rupees as a person says it: round ones below ₹10,000 in words in Hindi, in figures otherwise. */
export function spokenRupees(amountPaise: Paise, tongue: Tongue): string {
  const rupees = amountPaise / 100;
  if (tongue === "english") return `${rupees} rupees`;
  if (tongue === "hinglish") return `${rupees} rupaye`;
  if (rupees % 50 !== 0 || rupees >= 10_000) return `${rupees} रुपये`;
  const thousands = Math.floor(rupees / 1_000);
  const hundreds = Math.floor((rupees % 1_000) / 100);
  const parts = [
    thousands > 0 ? `${hindiNumbers[thousands] ?? thousands} हज़ार` : "",
    hundreds > 0 ? `${hindiNumbers[hundreds] ?? hundreds} सौ` : "",
    rupees % 100 === 50 ? "पचास" : "",
  ];
  return `${parts.filter((part) => part !== "").join(" ")} रुपये`;
}

/** A day as a person says it: its number in the month; in English with the month. */
export function spokenDay(day: DateTime<true>, tongue: Tongue): string {
  if (tongue === "english") return `on ${day.day} ${englishMonths[day.month - 1] ?? ""}`;
  return tongue === "hinglish" ? `${day.day} tareekh ko` : `${hindiNumbers[day.day] ?? day.day} तारीख को`;
}

/** A clock hour between one and twelve with its part of the day. */
export function spokenHour(at: DateTime<true>, today: DateTime<true>, tongue: Tongue): string {
  const tomorrow = !at.hasSame(today, "day");
  const hour = at.hour > 12 ? at.hour - 12 : at.hour;
  if (tongue === "english") return `${tomorrow ? "tomorrow" : "today"} at ${hour} ${at.hour >= 12 ? "pm" : "am"}`;
  const evening = at.hour >= 16;
  if (tongue === "hinglish") return `${tomorrow ? "kal" : "aaj"} ${evening ? "shaam" : "subah"} ${hour} baje`;
  return `${tomorrow ? "कल" : "आज"} ${evening ? "शाम" : "सुबह"} ${hindiNumbers[hour] ?? hour} बजे`;
}
