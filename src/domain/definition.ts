import { z } from "zod";
import { readCallerNumber } from "./phone-number.ts";

/** Why a call is made. Collection and reminder are service calls on inferred consent under TCCCPR. */
export const purposes = ["collection", "reminder", "service", "transactional", "promotional"] as const;
export type Purpose = (typeof purposes)[number];

export const sectors = ["lending", "insurance", "education", "health", "retail", "utility", "other"] as const;
export type Sector = (typeof sectors)[number];

/** Languages the agent can hold a conversation in, as BCP 47 tags. */
export const languages = ["hi-IN", "en-IN", "ta-IN", "te-IN", "mr-IN", "bn-IN", "gu-IN", "kn-IN", "ml-IN", "pa-IN"] as const;
export type Language = (typeof languages)[number];

export const variableTypes = ["text", "money", "date", "datetime", "number", "boolean"] as const;
export type VariableType = (typeof variableTypes)[number];

const word = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "expected a lower-case word such as amount_due");
const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "expected a 24-hour time such as 10:00");

/** "30m", "2h", "1d" or "45s", read into milliseconds. */
export const duration = z
  .string()
  .regex(/^[1-9]\d{0,3}[smhd]$/, "expected a duration such as 30m, 2h or 1d")
  .transform((text) => Number(text.slice(0, -1)) * (unitMs[text.slice(-1)] ?? 0));
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const variable = z.strictObject({
  type: z.enum(variableTypes),
  required: z.boolean().default(false),
  /** Revealed to the model only after the right party is verified; sealed at rest. */
  sensitive: z.boolean().default(false),
  label: z.string().max(120).optional(),
});

/** What follows a disposition: the contact is finished, is tried again, is called back at the promised time, or waits for a person. */
export const nextSteps = ["done", "retry", "callback", "suppress", "hold"] as const;
export type NextStep = (typeof nextSteps)[number];

const disposition = z.strictObject({
  fields: z.record(word, z.enum(variableTypes)).default({}),
  then: z.enum(nextSteps).default("done"),
  /** Where a right-party check is asked for: may end the matter also by the word of somebody who did not pass it. */
  unverified: z.boolean().optional(),
  /** Shown to the model: when this disposition is the right one. */
  when: z.string().max(400).optional(),
});

const perLanguageText = z.union([z.string().min(1).max(2_000), z.partialRecord(z.enum(languages), z.string().min(1).max(2_000))]);

/**
 * A campaign definition: what the operator writes in YAML or posts as JSON. Unknown keys are refused everywhere,
 * so a misspelt limit is an error and not a silent default.
 */
export const definitionSchema = z.strictObject({
  name: z.string().min(1).max(120),
  purpose: z.enum(purposes),
  sector: z.enum(sectors).default("other"),
  /** Recovery of microfinance loans has its own hours until the end of 2026. */
  microfinance: z.boolean().default(false),
  languages: z.array(z.enum(languages)).min(1).default(["hi-IN", "en-IN"]),
  agent: z.strictObject({
    persona: z.string().min(1).max(1_000),
    /** First words, spoken before the model is asked; `{{variable}}` fills in non-sensitive columns only. */
    greeting: perLanguageText,
    instructions: z.string().max(8_000).default(""),
    voice: z.partialRecord(z.enum(languages), z.string().min(1)).default({}),
    goodbye: perLanguageText.optional(),
  }),
  variables: z.record(word, variable).default({}),
  /** Right-party check before anything sensitive is said; `ask` names variables whose value the person must give. */
  verify: z.strictObject({ ask: z.array(word).min(1), attempts: z.int().min(1).max(5).default(2) }).optional(),
  dispositions: z.record(word, disposition).default({}),
  retry: z
    .strictObject({
      no_answer: z.array(duration).max(10).default([]),
      busy: z.array(duration).max(10).default([]),
      voicemail: z.array(duration).max(10).default([]),
      failed: z.array(duration).max(10).default([]),
      not_reached: z.array(duration).max(10).default([]),
    })
    .prefault({}),
  limits: z
    .strictObject({
      attempts: z.int().min(1).max(20).default(4),
      per_number_per_day: z.int().min(1).max(10).default(3),
      per_number_per_week: z.int().min(1).max(30).default(15),
      /** A number rests so long after a call of any campaign of the account before this one calls it. Without it only the caps count. */
      minutes_between_calls: z.int().min(1).max(10_080).optional(),
      /**
       * Narrows the sender's brake: so many opt-outs, said in any call of the sender, and complaints within ten days pause this
       * campaign. Without it an opt-out counts only when a promotional call led to it, and only against promotional calls.
       */
      opt_outs_in_ten_days: z.int().min(1).max(20).optional(),
      concurrency: z.int().min(1).max(5_000).default(20),
      cps: z.number().positive().max(100).default(1),
      budget_inr: z.number().nonnegative().optional(),
      max_call_seconds: z.int().min(30).max(3_600).default(300),
      ring_seconds: z.int().min(10).max(60).default(30),
    })
    .prefault({}),
  /** Narrows the legal window, never widens it. `days` are ISO week days, 1 = Monday. */
  window: z.strictObject({ from: clockTime, to: clockTime, days: z.array(z.int().min(1).max(7)).min(1).optional() }).optional(),
  recording: z
    .strictObject({ mode: z.enum(["consent", "announce", "off"]), notice: perLanguageText.optional() })
    .default({ mode: "off" }),
  pipeline: z.enum(["cascade", "realtime"]).default("cascade"),
  voicemail: z.enum(["hang_up", "leave_message"]).default("hang_up"),
  voicemail_message: perLanguageText.optional(),
  from_numbers: z.array(z.string().refine((text) => readCallerNumber(text) !== undefined, "expected a number such as +14155550100")).optional(),
  /** Preference category of promotional content, 1 to 8 (TCCCPR 2018, Schedule II). */
  preference_category: z.int().min(1).max(8).optional(),
  /** Basis on which the person may be called, where the law asks for one. */
  consent: z.enum(["inferred", "explicit", "enquiry", "dca"]).optional(),
  /** Whether the agent may transfer to a person: the call then also counts as mode 14. */
  may_transfer: z.boolean().default(false),
  allow_fixed_line: z.boolean().default(false),
});

/** A definition as used inside: defaults filled in, durations in milliseconds. */
export type Definition = z.infer<typeof definitionSchema>;
/** A definition as written. */
export type DefinitionSource = z.input<typeof definitionSchema>;

/** Dispositions every campaign has, whatever its definition says; the definition may add to them. */
export const builtInDispositions = {
  opted_out: { fields: {}, then: "suppress" },
  wrong_number: { fields: {}, then: "done" },
  callback_requested: { fields: { at: "datetime" }, then: "callback" },
  not_verified: { fields: {}, then: "done" },
  voicemail: { fields: {}, then: "retry" },
  carrier_announcement: { fields: {}, then: "retry" },
  no_answer: { fields: {}, then: "retry" },
  busy: { fields: {}, then: "retry" },
  failed: { fields: {}, then: "retry" },
  unreachable: { fields: {}, then: "retry" },
  invalid_number: { fields: {}, then: "done" },
  abandoned: { fields: {}, then: "retry" },
  technical_failure: { fields: {}, then: "retry" },
  no_disposition: { fields: {}, then: "done" },
} as const satisfies Record<string, { fields: Record<string, VariableType>; then: NextStep }>;

/** The rule for one disposition of a campaign: its own, or the built-in one. */
export function dispositionRule(definition: Definition, name: string): { fields: Record<string, VariableType>; then: NextStep } | undefined {
  return definition.dispositions[name] ?? (name in builtInDispositions ? builtInDispositions[name as keyof typeof builtInDispositions] : undefined);
}

/** The wording in the wanted language, falling back to the campaign's first language, then to any. */
export function wordingIn(text: string | Partial<Record<Language, string>>, language: Language, fallback?: Language): string {
  if (typeof text === "string") return text;
  return text[language] ?? (fallback && text[fallback]) ?? Object.values(text)[0] ?? "";
}
