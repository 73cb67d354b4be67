/*
 * Several words that say one thing. They are joined into one token of the group named before anything else is read; where two
 * fit at one place, the longer one counts. FILL: words about time that ask for no hour ("last week", "waste my
 * time"). How shapes are written is said at `parseShape`.
 */
export type Idioms = Readonly<Record<string, readonly string[]>>;

/** Joined first. */
export const wordIdioms: Idioms = {
  DONT: ["do|डू|डु not|नॉट|नाट", "do|did nt", "should|must not|never|नॉट", "not|नॉट to|टू", "not allowed to", "no right to", "no need to|for|of", "need not", "would|could|can|will you please|kindly? not", "you please|kindly not"],
  NOT: ["did|does|will|can|could|is|have|has|had not", "do you not", "did|do never"],
  STOP: ["cease and desist", "why dont|cant|wont|cannot you stop"],
  OPTOUT: ["opt|ऑप्ट ME|yourself? out|आउट", "un subscribe", "opting out"],
  DND: ["d n d", "डी एन डी", "do not disturb list|service|mode|registry", "dont disturb list|service|mode|registry"],
  KARO: ["KAR|karwa|kara|करवा|करा|laga|लगा|mila GIVE", "karne|करने ka|का", "kar|कर diya|दिया karo|kare|करो"],
  HABIT: ["KIYA KARO", "KAR liya|दिया karo|करो"],
  NUMBER: ["mobile|phone|cell|contact|my|the NUMBER", "the mobile|phone|cell|contact|my NUMBER", "contact details", "my|mera|mere no"],
  OTHERNUMBER: ["MONEY NUMBER", "NUMBER of? MONEY"],
  FILL: ["the office|house|family", "ek|एक|one baar|बार"],
  PAST: ["raha|rahi|rahe|रहा|रही|रहे ho|hai|hain|tha|the|हो|है|हैं|था"],
  OTHERWISE: ["nahi|नहीं to|toh|तो", "warna|varna|वरना"],
};

/** Joined next, over words and idioms. */
export const timeIdioms: Idioms = {
  STOPIT: ["BAND KARO", "BAND ho|hona|hone|honi|हो|होना|होने|होनी !PAST", "LEAVE GIVE", "LEAVE jao|jaye|jaiye|जाओ|जाइए"],
  ALWAYS: [
    "no|नो more|further|future|मोर",
    "any more",
    "from now|today|tomorrow on|onwards|onward?",
    "after today|this",
    "in the? future",
    "next time",
    "har|हर|every|each ek? TIME",
    "har|हर baar|roz|बार|रोज",
    "kisi|किसी bhi|भी TIME",
    "any TIME",
    "all day|night|week long?",
    "all the time",
    "day and|n night",
    "din|दिन bhar|भर",
    "sara|saara|poora|pura|पूरा|सारा din|दिन",
    "din|दिन raat|रात",
    "raat|रात din|दिन",
    "NUM ghante|ghanta|घंटे|hours",
    "aaj|आज ke|के baad|बाद",
    "is|us|iss|इस|उस ke|के baad|बाद",
    "iske|uske|इसके|उसके baad|बाद",
    "abhi|aaj|kal|अभी|आज|कल se|से !pehle|pahle|पहले|pehla|tak|तक",
    "ab|अब se|से|ke|के? baad|बाद?",
    "ab|अब",
    "aage|आगे se|से",
    "kabhi|कभी bhi|भी",
  ],
  TIME: ["NUM am|pm|a|p m?", "office|duty|ऑफिस|work TIME", "this TIME"],
  BUSY: ["office|ऑफिस me|mein|में|मे hoon|hun|hu|हूं|हू", "am at|in my|the? office|work", "so|gaadi|gadi|सो|गाड़ी|गाडी|car raha|rahi|chala|रहा|रही|चला"],
  LIMIT: ["se|से pehle|pahle|पहले", "jab|जब tak|तक", "tab|तब tak|तक"],
  FILL: [
    "last|previous|past TIME|year|NUM",
    "pichhle|pichle|pichla|पिछले TIME|saal|साल|mahine",
    "TIME ago",
    "din|hafte|mahine|ghante|दिन|हफ्ते|महीने|घंटे pehle|pahle|पहले",
    "TIME me|mein|में|मे|ko|को? bhi|भी !nahi|नहीं",
    "bhi|भी abhi|अभी",
    "subah|sham|shaam|din|dino|hafte|mahine|ghante|raat|सुबह|शाम|दिन|हफ्ते|महीने|घंटे|रात se|से !pehle|pahle|पहले|lekar|लेकर",
    "kab|कब se|से",
    "din|hafte|mahine|hafta|ek|दिन|हफ्ते|महीने me|mein|में|मे NUM|kitni|kitne|do|दो",
    "NUM|first|second|third|fourth|last|many|kitni|kitne|teesri|dusri|doosri|pehli|चौथी|तीसरी time|times|baar|बार",
    "my|mera|meri|our|hamara|apna|मेरा time|waqt|samay|समय|वक्त|टाइम",
    "time|waqt|samay|समय|टाइम waste|barbad|barbaad|kharab|खराब|बर्बाद",
    "good morning|evening|night|afternoon|day",
    "a|one|ek|एक|just minute|moment|मिनट",
    "office|ऑफिस ka|का number|phone|नंबर",
  ],
};
