/**
 * The words of "do not call me" as speech recognition writes them, Hindi in Devanagari or Latin letters and English mixed.
 * Each spelling stands for one of a few marks; phrases are then looked for among the marks.
 */
const spellings: Readonly<Record<string, string>> = {
  call: "call calls kol kaal caal cal कॉल काल कौल कॉल्स कॉलें कॉलिंग calling callin",
  phone: "phone phones fone fon foon phonecall फोन फोने ring sampark contact संपर्क सम्पर्क",
  mat: "mat mut मत na naa ना न",
  nahi: "nahi nahin nahee nai nhi nahiin नहीं नही naheen",
  do: `karo kro karna krna kariye kariyega karie kariega kare karen karein kren kijiye kijie kijiyega kijiega kijiyo kariyo karne karoge karogi
    करो करना करिए करिये करिएगा करियेगा करे करें कीजिए कीजिये कीजिएगा कीजियेगा करने करोगे
    lagao lagana lagaana lagaye lagaiye लगाओ लगाना लगाएं लगाइए milao milana milaiye मिलाओ मिलाना मिलाइए
    aana aani aane aaye aye आना आनी आने आए आये`,
  kar: "kar kr कर",
  give: "do dijiye dijie dena de dijiyega lo lijiye den dein दो दीजिए दीजिये देना दे लो लीजिए karwao karvao karwa karwaiye करवाओ करवा",
  want: "chahiye chahie chaahiye chahiyen चाहिए चाहिये",
  stop: "band bandh bund बंद बन्द",
  number: "number numbers nambar namber नंबर नम्बर naam name नाम",
  remove: "hata hatao hatado hatana hataiye hataye hatwao delete remove mita mitao हटा हटाओ हटाना हटाइए हटाएं हटवाओ डिलीट रिमूव मिटा मिटाओ",
  takeout: "nikal nikaal nikalo nikaalo nikaliye निकाल निकालो निकालिए",
  list: "list lists database system record records register लिस्ट सूची रिकॉर्ड सिस्टम",
  pester: "pareshan pareshaan preshan paresan tang disturb distrub harass irritate bother trouble परेशान तंग डिस्टर्ब",
  again: "again anymore ever dobara dubara dobaara doobara phirse firse phir fir wapas wapis kabhi aainda ainda aayinda दोबारा दुबारा फिर वापस कभी आइंदा आइन्दा",
  time: `now today tonight tomorrow morning evening night afternoon noon later weekend week month during hours hour time moment
    meeting office busy driving lunch sunday monday tuesday wednesday thursday friday saturday minute minutes
    abhi abi aaj kal parso subah shaam sham raat dopahar baje bajे samay waqt vakt baad filhaal filhal din hafte mahine ghante ghanta itwar somvar mangalvar budhvar guruvar shukravar shanivar
    अभी आज कल परसों सुबह शाम रात दोपहर बजे समय वक्त बाद फिलहाल दिन हफ्ते महीने घंटे मीटिंग ऑफिस बिजी व्यस्त रविवार सोमवार इतवार`,
  limit: "before after until till between pehle pahle पहले",
  told: "told said asked bola boli bole kaha bataya keh kehna बोला बोली कहा बताया कह",
  why: "why kyun kyon kyu kyo क्यों क्यूं if agar unless अगर यदि yadi jabtak",
  pad: "pad pada padega padta padti padi tha thi पड़ा पड़ेगा पड़ता था थी पडा पडेगा पडता",
  g: `mujhe mujhko mereko mujko hume hamein humein humko hamko mere mera meri hamara hamare ko pe par se ye yeh is iss us ispe ispar please pls plz kripya ji bhai sir madam yaar
    aap ap tum log aaplog bilkul bhi hi to toh aur or ya message msg sms whatsapp koi kisi tarah mein me us back karke kiya kya aise itna roz baar unknown faltu
    मुझे मुझको मेरे मेरा मेरी हमें हमको को पे पर से ये यह इस उस प्लीज कृपया जी भाई सर मैडम यार आप तुम लोग बिल्कुल बिलकुल भी ही तो और या मैसेज कोई किसी में किया बार रोज`,
};

/** Several words that say one thing; put into marks before the words are looked at one by one. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/\b(?:do not|donot|do nt|dont|dun|should not|shouldnt|must not|never|not to)\b/g, "@dont"],
  [/\b(?:did not|didnt|does not|doesnt|will not|wont|can not|cannot|cant|could not|couldnt|not)\b/g, "@not"],
  [/\b\d{1,2}(?: \d\d)? ?[ap] ?m\b/g, "@time"],
  [/\b(?:din bhar|sa?ara din|poora din|din raat|raat din|day and night|all the time|all day|every ?day|any ?time|har roz)\b/g, "@perm"],
  [/\b(?:any ?more|from now on|from today|after today|after this|next time|no more)\b/g, "@perm"],
  [/(?<![\p{L}\p{M}])(?:aaj (?:ke baad|se)|ab se|abse|ab ke baad|is ?ke baad|aage se|kabhi bhi|ab)(?![\p{L}\p{M}])/gu, "@perm"],
  [/(?<![\p{L}\p{M}])(?:आज (?:के बाद|से)|अब से|अब के बाद|इस ?के बाद|आगे से|कभी भी|अब)(?![\p{L}\p{M}])/gu, "@perm"],
];

const markOf = new Map<string, string>();
for (const [mark, words] of Object.entries(spellings)) {
  for (const word of words.split(/\s+/)) if (!markOf.has(word)) markOf.set(word, `@${mark}`);
}

/**
 * The text as a line of marks and other words, each with one space before and after, ready for patterns. A full stop
 * becomes "|" and a comma ",": people change their mind across them.
 */
export function markWords(text: string): string {
  let plain = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\u093c\u200b-\u200d\ufeff]/g, "")
    .replace(/\u0901/g, "\u0902")
    .replace(/['’`]/g, "")
    .replace(/[.!?।॥;\n]+/g, " | ")
    .replace(/[,،:–—-]+/g, " , ")
    .replace(/[^\p{L}\p{M}\p{N}|,]+/gu, " ");
  for (const [phrase, mark] of phrases) plain = plain.replace(phrase, mark);
  const marked = plain.split(" ").filter((word) => word !== "").map((word) => markOf.get(word) ?? word);
  return ` ${marked.join(" ")} `;
}
