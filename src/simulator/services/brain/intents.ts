import { anyPhrase, type Phrase } from "../hearing/phrases.ts";

/** What a callee can mean, as far as it decides what the agent does next. */
export type Intent =
  | "opt_out" | "wrong_number" | "bereavement" | "complaint" | "dispute" | "hardship" | "refused" | "already_paid" | "promise" | "callback"
  | "reschedule" | "decline" | "accept" | "robot_question" | "who_question" | "amount_question" | "repeat" | "language_request" | "wont_tell" | "yes" | "no";

const notNow = "abhi|now|filhaal|right";
const call = "call|calls|calling|kol|phone|fon|kaal";
const no = "nahi|nahin|nai|na|not";
const futureVerbs = "dunga|dungi|denge|doonga|doongi|deta|deti|karunga|karungi|karenge|karoonga|karoongi|kardunga|kardungi|bharunga|bharungi|bhar|chukaunga|chukaungi|bhejunga|bhejungi|chukadunga";
const payWords = "pay|payment|paise|paisa|jama|chuka|deposit|transfer|bhugtan|bhugtaan|kist|kisht|emi|installment|amount|rupaye|rupees|fees|fee";

const lexicon: Readonly<Record<Intent, Phrase>> = {
  opt_out: anyPhrase(
    "dont|never ever|call|phone", `do not ${call}`, "stop calling|phoning", `stop .. ${call}`, `mat ${call}`, `${call} mat|na karo|karna|kijiye|kariye|karen|kare|karein|lagao`,
    `${call} nahi|nahin karo|karna|kijiye|kariye`, `${call} .. band`, `band karo|kijiye|kariye .. ${call}`, "remove|delete .. number|name", "take me off", "unsubscribe", "dnd", "no more calls", `nahi|nahin chahiye .. ${call}`,
  ),
  wrong_number: anyPhrase(
    "wrong|rong number|person|nambar", "galat|ghalat number|nambar|nambr|aadmi", "no one|nobody by|of|named|called", "no such person", "is|iss|us naam .. koi nahi|nahin", "yahan|yaha koi .. nahi|nahin",
    "koi .. nahi|nahin rehta|rahta|rehti", "nahi|nahin jaanta|janta|jaanti|janti", "dont know him|her|them|any|this",
  ),
  bereavement: anyPhrase("passed away", "guzar gaye|gayi|gaya", "gujar gaye|gayi|gaya", "dehant|dehaant|intekaal|intakaal", "expired", "death in|of", "is dead|died", "mrityu|maut", "is no more", "nahi|nahin rahe"),
  complaint: anyPhrase("complain|complaint|shikayat|shikaayat", "harass|harassing|harassment|harassed", "pareshaan|pareshan|tang kar", "police|court|ombudsman"),
  dispute: anyPhrase(
    "never took|taken|applied", "didnt|not take|taken|apply .. loan", "loan|karz|karja|lon .. nahi|nahin liya|li|hai", "amount|rakam|raashi|rashi .. galat|wrong|incorrect", "galat|wrong|incorrect amount|rakam|raashi", "dispute",
    "not my loan|account|emi|bill", "dont owe", "nothing is due", "koi bakaya nahi|nahin", "fraud", "is wrong|incorrect", "galat hai|he",
  ),
  hardship: anyPhrase(
    "naukri|job .. gayi|gaya|chhoot|chali|lost|gone", "lost my job", "no job", "bimaar|bimar|beemar|hospital|illness|sick|operation|accident", "paise|paisa nahi|nahin hai|hain|he", "no money", "salary nahi|nahin|not", "fasal|crop", "mushkil|tangi",
  ),
  refused: anyPhrase(`${no} .. ${futureVerbs}|sakta|sakti`, "wont|cannot|cant|refuse pay|to", "not going to pay", "will not pay", `not pay`),
  already_paid: anyPhrase(
    "already paid|done|made|deposited|cleared", "have|ive|has paid|made|done|cleared", "paid .. already|yesterday|it|last|on|this", "de|bhar|chuka|bhej diya|di|diye|chuka|chuki", `${payWords} .. diya|diye|gaya|gayi|chuka|chuki|chuke|di`, "ho gaya|gayi .. payment|bhugtan",
    "kar chuka|chuki", "kar diya|di|diye",
  ),
  promise: anyPhrase(futureVerbs, "will|ill|shall pay|transfer|deposit|send|clear|do|make|give", "can pay", "de|kar|bhar sakta|sakti", "going to pay", "i promise", "pay on|by|tomorrow|next|this|today|you|it|the|in", "paying on|by|tomorrow"),
  callback: anyPhrase(
    `${call} .. later|back|baad|after|evening|tomorrow|morning`, "baad|bad mein|me", "busy|vyast", "driving|gaadi|gadi chala", "meeting", "not a good time", "thodi|thori der", "some other time", "later", `${call} me|kijiye|karna|kariye|karo|karen|kar .. at|on|in|after`,
    `abhi baat nahi|nahin`, "baje .. call|kol|phone|fon", `kal .. ${call}`, `sham|shaam .. ${call}`, "talk later|tomorrow",
  ),
  reschedule: anyPhrase("reschedule|postpone|shift", "another|different|other time|day|date|slot", "change .. time|date|appointment", "time|samay|din|tareekh badal|change", "doosra|dusra|dusre din|samay|time", "aage badha|kar"),
  decline: anyPhrase("cancel", "not interested", "no thanks|thank", "dont want|need", "nahi|nahin chahiye|chahie", "zaroorat|jarurat nahi|nahin", "nahi|nahin aa|aaunga|aaungi|aunga", "wont|cannot|cant|not come|coming|make", "nahi|nahin aa paunga|sakta|sakti", "interest nahi|nahin", "dilchaspi nahi|nahin"),
  accept: anyPhrase("confirm|confirmed", "will|ill come|be|attend", "aaunga|aaungi|aunga|aungi|aayenge", "aa jaunga|jaungi|jayenge|raha|rahi", "interested", "sounds good", "chahiye", "pakka|zaroor|jarur|bilkul"),
  robot_question: anyPhrase("robot|bot|machine|mashin|computer|automated|automatic|rikarding", "ai ho|hai|hain|he|assistant", "real|actual person|human", "insaan|insan|human ho|hai|hain|he", "are you human|ai"),
  who_question: anyPhrase("kaun|kon bol|hai|hain|ho|he|bolta", "who is|are|this|calling", "whos this|calling|speaking", "kahan|kaha se", "kis|kya baare|bare|kaam|liye", "where are you calling", "what is this|it about|regarding", "why .. calling", "kya baat|bat hai|he", "what do you want"),
  amount_question: anyPhrase("kitna|kitne|kitni", "how much", "what .. amount|due", "kab tak", "due date", "last date", "which loan|emi"),
  repeat: anyPhrase("repeat", "dobara|phir|fir se|bol|bolo|boliye|bataiye|batao", "say .. again", "pardon|sorry what|come again", "samajh|samjha nahi|nahin", "kya bola|kaha|boli|bole", "sunai|sunaai nahi|nahin", "cant|couldnt|didnt hear|understand|get|catch", "avaaz|awaaz nahi|nahin"),
  language_request: anyPhrase("english|inglish|angreji|angrezi|hindi|tamil|telugu|marathi mein|me|please|bolo|boliye|nahi|nahin|main|men", "speak|talk|in english|hindi|tamil|telugu|marathi"),
  wont_tell: anyPhrase("nahi|nahin bataunga|bataungi|batana|bata|batata|batati", "nahi|nahin dunga .. detail|jaankari|jankari", "wont|not tell|share|give|telling|giving", "why should i", "kyon|kyun|kyu bataun|batau|bataoon|bata", "private|personal|nijee|niji"),
  yes: anyPhrase("yes|yeah|yep|yup|haan|han|haanji|hanji|ji|ok|okay|sure|bilkul|correct|sahi|speaking|theek|thik", "bol raha|rahi", "main hi|hee"),
  no: anyPhrase("no|nope|nahi|nahin|nai"),
};

/** Everything a callee may have meant by these words. */
export function intentsIn(words: readonly string[]): ReadonlySet<Intent> {
  const found = new Set<Intent>();
  for (const [intent, heard] of Object.entries(lexicon) as [Intent, Phrase][]) if (heard(words)) found.add(intent);
  return found;
}

/** "Not now": a refusal of this call is then no refusal of every call. */
export const saysNotNow = anyPhrase(notNow);
