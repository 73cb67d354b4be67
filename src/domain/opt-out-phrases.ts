import { markWords } from "./opt-out-words.ts";

/**
 * What a person's words say about being called again. `opt_out`: never again (`phrase` is what was recognised, in marks,
 * without anything personal). `not_now`: not at this time; a callback, no opt-out. `none`: nothing of the kind.
 */
export type OptOutReading = { kind: "opt_out"; phrase: string } | { kind: "not_now" } | { kind: "none" };

/** Longer texts are read by their end: what was said last counts. */
const longestRead = 20_000;

const ring = "(?:@call|@phone)";
const fill = "(?:(?:@g|@again|@perm|@time|@number|,) ){0,4}";
const make = "(?:@do|@kar|@give)";
const notPast = "(?! @pad| kiya| gaya| sakt| pa)";

/** Ways to say it, over the line of marks. Gaps are bounded, so the time is linear in the length of the text. */
const wishes: readonly RegExp[] = [
  // call mat karo, phone na karein, call dobara mat karna
  ` ${ring} ${fill}@mat (?:@g ){0,2}(?:@do|@kar)(?: @give)?${notPast} `,
  // mujhe call nahi karna, call nahi karoge
  ` ${ring} ${fill}@nahi (?:@g ){0,2}@do${notPast} `,
  // mat call karo, mat karo call, dont call karo
  ` (?:@mat|@dont) (?:(?:@g|@again) ){0,2}${ring} (?:@do|@kar) `,
  ` @mat @do ${fill}${ring} `,
  // dobara mat karna, kabhi nahi karna
  ` (?:@again|@perm) ${fill}(?:@mat|@nahi) @do${notPast} `,
  ` (?:@again|@perm) ${fill}${ring} ${fill}(?:@mat|@nahi) `,
  // call karna band karo, calls band kijiye, band karo call karna
  ` (?:@call ${fill}(?:@do )?|@phone ${fill}@do )(?:@g ){0,2}@stop (?:@do|@kar|@give|ho) `,
  ` @stop ${make} (?:@give )?${fill}(?:@call|@phone @do) `,
  // mera number hata do, list se nikal do
  ` @number ${fill}(?:(?:@list|from|off) (?:@g ){0,2})?@remove `,
  ` @list (?:@g ){0,3}(?:@remove|@takeout|@number @remove) `,
  ` @remove (?:@do |@kar |@give )?(?:my |our )?${fill}@number `,
  // pareshan mat karo, do not disturb me
  ` @pester (?:@g ){0,2}(?:@mat|@nahi) @do `,
  ` @dont (?:@g |@again |you ){0,2}@pester `,
  ` (?:@mat) @pester @do `,
  // call nahi chahiye, aapka phone nahi aana chahiye
  ` @call ${fill}@nahi @want `,
  ` ${ring} ${fill}@nahi @do @want `,
  // do not call me, never phone again, not to call
  ` @dont (?:(?:@g|@again|you|ever|even|dare|try|just|,) ){0,3}${ring} (?!(?:the|a|an|him|her|them|it|that|police|@number (?!pe)|@list) )`,
  // stop calling me, stop these calls
  ` stop (?:(?:@g|making|giving|sending|doing|with|the|these|this|all|your|those|such|bloody) ){0,4}(?:@call|@pester|phoning|contacting|disturbing|harassing|bothering|ringing|spamming|troubling|telemarketing) (?!@list)`,
  // take me off your list, remove me
  ` (?:take|strike|remove|@remove) (?:(?:@g|@number|my|our) ){1,3}(?:off|out|from) `,
  ` @remove (?:@g ){1,2}(?:\\||,|now|immediately) `,
  // unsubscribe, opt out, DND
  ` (?:unsubscribe|unsubscribed|optout|opt (?:@g )?out) `,
  ` (?:put|add|register|activate) (?:(?:@g|@number|my|on|your|the|our) ){0,5}(?:dnd|@dont @call) `,
  ` dnd (?:(?:@g|on|par|pe|है|hai) ){0,3}(?:@do|@give|@list|hai|है) `,
  ` डीएनडी `,
  // I do not want any calls, no more calls, leave me alone
  ` (?:@dont|@not|@nahi) (?:want|wish|need|like) (?:(?:@g|any|your|you|these|such|this|receive|get|have|be|more|further|from|marketing|sales|promotional) ){1,5}(?:${ring}|called|contacted|phoned|disturbed) `,
  ` @perm ${ring} `,
  ` leave (?:@g )?alone `,
  ` (?:lose|forget) (?:@g |my ){0,2}@number `,
  ` p[ei]+chh?a (?:chh?od|chh?odo|chh?oriye|chh?odiye) `,
  ` पीछा छोड`,
  // the other languages the agent speaks: Marathi, Gujarati, Tamil, Telugu, Bengali, Kannada, Malayalam
  ` ${ring} ${fill}(?:karu naka|karo naka|karnar nahi|naka karu|करू नका|करु नका|pannadheenga|pannatheenga|panna vendam|vendam|cheyakandi|cheyyakandi|cheyoddu|cheyyoddu|vaddu|korben na|koro na|korben @mat|koro @mat|maadbedi|madbedi|maadabedi|beda|cheyyaruthu|cheyyalle|venda|cheyyanda) `,
  ` (?:கால் பண்ணாதீங்க|கால் பண்ண வேண்டாம்|அழைக்க வேண்டாம்|అని కాల్ చేయకండి|కాల్ చేయకండి|కాల్ చేయొద్దు|ఫోన్ చేయొద్దు|ఫోన్ చేయకండి|ফোন করবেন না|কল করবেন না|ফোন কোরো না|ಕಾಲ್ ಮಾಡಬೇಡಿ|ಫೋನ್ ಮಾಡಬೇಡಿ|വിളിക്കരുത്|വിളിക്കണ്ട|ફોન ન કરો|ફોન ના કરો|કૉલ ન કરો|કોલ ન કરો|કોલ ના કરશો|ਫੋਨ ਨਾ ਕਰੋ|ਕਾਲ ਨਾ ਕਰੋ|ਫ਼ੋਨ ਨਾ ਕਰੋ) `,
].map((source) => new RegExp(source, "gu"));

const negatedBefore = /(?: @dont| @not| @mat| never) (?:(?:@g|you|your|people|@again) ){0,2}$/;
const askedBefore = / @why (?:\S+ ){0,3}$/;
const saidByMe = / (?:i|we|they|he|she|who|wont) $/;
const callLater = / (?:(?:@time|@limit) (?:(?:@g|@time|@call|@phone|\d+|,|ek|at|on) ){0,4}(?:@do|@kar|@give|@call|@phone) |(?:@call|@phone) (?:@g ){0,3}(?:@time|@limit|\d) )/;

/**
 * Reads an opt-out said in Hindi, English or both, in Devanagari or Latin letters, as speech recognition or a keyboard
 * writes it. Pure and linear; it stands outside the model, so no prompt can talk it away. In doubt about whether, it
 * hears an opt-out; a wish about the hour ("abhi mat karo, kal karna") is none.
 */
export function recogniseOptOut(text: string): OptOutReading {
  const line = markWords(text.length > longestRead ? text.slice(-longestRead) : text);
  let notNow = false;
  for (const wish of wishes) {
    for (const match of line.matchAll(wish)) {
      const before = tail(line.slice(0, match.index + 1), 6);
      if (spokenOtherwise(before, match[0])) continue;
      const after = head(line.slice(match.index + match[0].length - 1), 12);
      if (isAboutTime(before, match[0], after)) notNow = true;
      else return { kind: "opt_out", phrase: match[0].trim() };
    }
  }
  return notNow ? { kind: "not_now" } : { kind: "none" };
}

/** "Don't stop calling", "why don't you call", "I don't call": the words are there, the wish is not. */
function spokenOtherwise(before: string, matched: string): boolean {
  const clause = before.slice(before.lastIndexOf("|") + 1);
  if (askedBefore.test(clause)) return true;
  if (saidByMe.test(clause) && / @dont /.test(matched) && !/ @dont (?:want|wish|need|like)/.test(matched)) return true;
  return / (?:stop|@remove|unsubscribe|@stop)/.test(matched) && negatedBefore.test(clause);
}

/** Whether the wish is about an hour or a day, and nothing in it says "again" or "ever". */
function isAboutTime(before: string, matched: string, after: string): boolean {
  const near = lastWords(before.slice(Math.max(before.lastIndexOf("|"), before.lastIndexOf("@told")) + 1), 3);
  const next = head(after.split("|")[0] ?? "", 5);
  const lasting = next.replace(/(?:@call|@phone) (?:@g ){0,2}@again/, "");
  if (/@again|@perm/.test(`${near}${matched}${lasting}`)) return false;
  return /@time/.test(`${near}${matched}${next}`) || /@limit/.test(head(next, 3)) || callLater.test(after);
}

function head(text: string, words: number): string {
  return ` ${text.trim().split(" ", words).join(" ")} `;
}

function tail(text: string, words: number): string {
  const from = text.slice(-words * 24);
  return ` ${from.trim().split(" ").slice(-words).join(" ")} `;
}

function lastWords(text: string, words: number): string {
  return ` ${text.trim().split(" ").slice(-words).join(" ")} `;
}
