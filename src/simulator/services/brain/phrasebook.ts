import type { DateTime } from "luxon";

/** The two tongues of the scripted agent. */
export type Tongue = "hindi" | "english";

/** What a field of a disposition is asked with. */
export type FieldQuestion = "pay_day" | "pay_amount" | "paid_day" | "callback_time" | "new_time" | "reason";

/** What a campaign wants to know. */
export type Goal = "payment" | "attendance" | "interest" | "general";

/** The sentences of the scripted agent; Hindi in Devanagari, amounts and dates as the prompt wants them. */
export interface Phrasebook {
  askIdentity(name: string | undefined): string;
  askAnswers(labels: readonly string[]): string;
  needAnswers: string;
  notMatching: string;
  cannotGoOn: string;
  thanks: string;
  payable(amount: string, day: string, gone: boolean): string;
  fact(label: string, value: string): string;
  goal: Readonly<Record<Goal, string>>;
  field: Readonly<Record<FieldQuestion, string>>;
  again: string;
  robot: string;
  who(persona: string): string;
  promised(amount: string | undefined, day: string): string;
  noted: string;
  anybodyThere: string;
  willCall(at: string): string;
  sorryWrongNumber: string;
  sorryLoss: string;
  noMoreCalls: string;
  goodbye: string;
}

const english: Phrasebook = {
  askIdentity: (name) => (name === undefined ? "Am I speaking with the right person?" : `Am I speaking with ${name}?`),
  askAnswers: (labels) => `Before I go on, could you please tell me ${labels.join(" and ")}?`,
  needAnswers: "I understand, but without it I cannot tell you more.",
  notMatching: "I am sorry, that does not match what we have.",
  cannotGoOn: "I am sorry, I cannot go on without this.",
  thanks: "Thank you.",
  payable: (amount, day, gone) => `Your payment of ${amount} ${gone ? "was" : "is"} due on ${day}.`,
  fact: (label, value) => `${/^(?:the|your)\b/i.test(label) ? "" : "The "}${label} is ${value}.`.replace(/^[a-z]/, (letter) => letter.toUpperCase()),
  goal: { payment: "When will you pay?", attendance: "Will you come?", interest: "Are you interested?", general: "What would you like me to note?" },
  field: {
    pay_day: "On which date will you pay?",
    pay_amount: "How much will you pay?",
    paid_day: "On which date did you pay?",
    callback_time: "At what time shall I call you back?",
    new_time: "Which day and time would suit you?",
    reason: "Could you tell me the reason?",
  },
  again: "I am sorry, I did not understand that.",
  robot: "Yes, I am an automated assistant.",
  who: (persona) => persona.replace(/^You are\b/, "I am"),
  promised: (amount, day) => `I have noted ${amount === undefined ? "your payment" : amount} on ${day}.`,
  noted: "I have noted that.",
  anybodyThere: "Is somebody there?",
  willCall: (at) => `We will call you on ${at}.`,
  sorryWrongNumber: "I am sorry for the trouble.",
  sorryLoss: "I am very sorry for your loss.",
  noMoreCalls: "We will not call you again.",
  goodbye: "Thank you, have a good day. Goodbye.",
};

const hindi: Phrasebook = {
  askIdentity: (name) => (name === undefined ? "क्या मेरी बात सही व्यक्ति से हो रही है?" : `क्या मेरी बात ${name} जी से हो रही है?`),
  askAnswers: (labels) => `आगे बढ़ने से पहले, कृपया ${labels.map(hindiLabel).join(" और ")} बता दीजिए?`,
  needAnswers: "मैं समझती हूँ, लेकिन इसके बिना मैं कुछ बता नहीं सकती।",
  notMatching: "माफ़ कीजिए, यह हमारे विवरण से मेल नहीं खाता।",
  cannotGoOn: "माफ़ कीजिए, इसके बिना मैं आगे नहीं बढ़ सकती।",
  thanks: "धन्यवाद।",
  payable: (amount, day, gone) => `आपका ${amount} का भुगतान ${day} को देय ${gone ? "था" : "है"}।`,
  fact: (label, value) => `${hindiLabel(label)}: ${value}।`,
  goal: { payment: "आप यह भुगतान कब करेंगे?", attendance: "क्या आप आ पाएँगे?", interest: "क्या आपकी इसमें रुचि है?", general: "मैं आपकी तरफ़ से क्या नोट करूँ?" },
  field: {
    pay_day: "आप किस तारीख को भुगतान करेंगे?",
    pay_amount: "आप कितनी राशि का भुगतान करेंगे?",
    paid_day: "आपने भुगतान किस तारीख को किया था?",
    callback_time: "मैं आपको दोबारा कितने बजे कॉल करूँ?",
    new_time: "आपको कौन सा दिन और समय ठीक रहेगा?",
    reason: "क्या आप इसकी वजह बता सकते हैं?",
  },
  again: "माफ़ कीजिए, मैं समझ नहीं पाई।",
  robot: "जी हाँ, मैं एक ऑटोमेटेड असिस्टेंट हूँ।",
  who: () => "मैं एक ऑटोमेटेड असिस्टेंट बोल रही हूँ।",
  promised: (amount, day) => `ठीक है, ${amount === undefined ? "आपका भुगतान" : `${amount} का भुगतान`} ${day} को, नोट कर लिया है।`,
  noted: "ठीक है, मैंने नोट कर लिया है।",
  anybodyThere: "क्या कोई सुन रहा है?",
  willCall: (at) => `ठीक है, हम आपको ${at} पर कॉल करेंगे।`,
  sorryWrongNumber: "असुविधा के लिए माफ़ कीजिए।",
  sorryLoss: "यह सुनकर बहुत दुख हुआ।",
  noMoreCalls: "ठीक है, अब हम आपको कॉल नहीं करेंगे।",
  goodbye: "धन्यवाद, आपका दिन शुभ हो। नमस्ते।",
};

const hindiLabels: ReadonlyArray<readonly [RegExp, string]> = [
  [/year of birth|birth year/i, "अपना जन्म वर्ष"],
  [/date of birth|birth date/i, "अपनी जन्म तिथि"],
  [/pin ?code|postal/i, "अपना पिन कोड"],
  [/last (?:four|4) digits/i, "आख़िरी चार अंक"],
  [/amount|instal|fee|due$/i, "राशि"],
  [/due date|last date|falls due/i, "अंतिम तारीख"],
  [/appointment/i, "अपॉइंटमेंट"],
  [/offer/i, "ऑफ़र"],
];

function hindiLabel(label: string): string {
  return hindiLabels.find(([pattern]) => pattern.test(label))?.[1] ?? label;
}

export function phrasebookOf(tongue: Tongue): Phrasebook {
  return tongue === "hindi" ? hindi : english;
}

/** "5 December 2026", and with its time "5 December 2026, 6:00 PM". */
export function shownDay(day: DateTime<true>): string {
  return day.setLocale("en-IN").toFormat("d LLLL yyyy");
}

export function shownInstant(instant: DateTime<true>): string {
  return instant.setLocale("en-US").toFormat("d LLLL yyyy, h:mm a");
}

/** "₹4,500": grouped as in India. */
export function shownAmount(amountPaise: number): string {
  const rupees = amountPaise / 100;
  return `₹${rupees.toLocaleString("en-IN", { maximumFractionDigits: 2 })}`;
}
