/** What a title says of the numbers that stand under it. "either": it can be read both ways. */
export type TitleSays = "neutral" | "blocked" | "clear" | "either";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const cores = words("number numbers mobile mobiles phone phones msisdn msisdns telephone telephones tel cell cellphone contact contacts cli mob phonenumber phonenumbers mobilenumber mobilenumbers bnumber");
const besides = words("no nos num ph alternate alternative alt secondary primary other second first home work office called destination to the of on in is for only today 10 91 digit digits");
/** "Customer number" is no phone number, "customer mobile number" is. */
const persons = words("customer customers subscriber subscribers user users caller party");
const lists = words("list lists data records");
const refused = words("blocked block blacklist blacklisted black dnd ndnc dnc ncpr rejected reject failed fail disallowed unreachable excluded suppressed suppression optout optouts");
const passed = words("clean cleaned clear cleared allowed allow passed pass whitelist whitelisted white eligible callable deliverable permitted approved nondnd nonblocked unblocked unregistered");
const unsettled = words("scrub scrubbed filtered filter result results output removed remaining final processed checked valid good verdict decision outcome");
const negations = words("non not without never");
const flags = words("status flag check indicator yn");
const registered = words("registered registration");

/** "Phone Numbers " and "phone-numbers" become "phone_numbers". */
export function headerWord(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/[\u093c\u200b-\u200f\ufeff]/g, "").replace(/[^\p{L}\p{M}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "");
}

/**
 * Whether a title (in the form `headerWord` gives) is one of phone numbers, and what it says of them: "clean_numbers" passed,
 * "dnd_mobile_no" is blocked, "scrubbed_numbers" can be either. `alone`: the only column, whose title need not say "number".
 * Null: no such title.
 */
export function readNumberTitle(word: string, alone: boolean): TitleSays | null {
  const tokens = tokensOf(word);
  const known = tokens.every((token) => cores.has(token) || besides.has(token) || persons.has(token) || registered.has(token) || negations.has(token) || isVerdict(token) || (alone && lists.has(token)));
  if (!known) return null;
  if (tokens.some((token) => persons.has(token)) && !tokens.some((token) => cores.has(token) && !/^numbers?$/.test(token))) return null;
  const named = tokens.some((token) => cores.has(token) || (alone && (isVerdict(token) || lists.has(token))));
  return named ? verdictOf(tokens) : null;
}

/** Whether a title is one of a column that says of each number whether it is blocked ("dnd") or may be called ("allowed"), or does not tell which ("verdict"). */
export function readStatusTitle(word: string): "dnd" | "allowed" | "verdict" | null {
  if (/^(?:(?:is_)?(?:can|may|ok_to|allowed_to)_(?:be_)?call(?:ed)?)$/.test(word)) return "allowed";
  const tokens = tokensOf(word);
  const verdicts = tokens.filter((token) => isVerdict(token) || registered.has(token));
  if (!tokens.every((token) => isVerdict(token) || registered.has(token) || flags.has(token) || negations.has(token) || statusFillers.has(token))) return null;
  if (verdicts.length === 0 && !tokens.some((token) => flags.has(token))) return null;
  const says = verdictOf(tokens.map((token) => (registered.has(token) ? "dnd" : token)));
  return says === "blocked" ? "dnd" : says === "clear" ? "allowed" : "verdict";
}

const statusFillers = words("is are can may to call be for on in the no y n preference");

function isVerdict(token: string): boolean {
  return refused.has(token) || passed.has(token) || unsettled.has(token);
}

function tokensOf(word: string): string[] {
  const plain = word.replace(/(?:^|_)do_not_call(?=_|$)/, "_dnc").replace(/(?:^|_)opt(?:ed)?_out(?=_|$)/, "_optout").replace(/_?\d$/, "");
  return plain.split("_").filter((token) => token !== "");
}

function verdictOf(tokens: readonly string[]): TitleSays {
  const said = new Set<TitleSays>();
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1] ?? "";
    const joined = ["on", "in", "the", "registered"].includes(before) ? (tokens[at - 2] ?? "") : before;
    const turned = negations.has(joined) || (joined === "no" && refused.has(token));
    if (refused.has(token)) said.add(turned ? "clear" : "blocked");
    else if (passed.has(token)) said.add(turned ? "blocked" : "clear");
    else if (unsettled.has(token)) said.add("either");
    else if (registered.has(token) && negations.has(before)) said.add("clear");
  }
  const [only] = said;
  return said.size === 0 || only === undefined ? "neutral" : said.size > 1 ? "either" : only;
}
