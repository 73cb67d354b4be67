/**
 * The words of "do not call me" as speech recognition and keyboards write them: Hindi and English, each in Devanagari and in
 * Latin letters. A word may stand in several groups; shapes and phrases name the groups in capitals. Before a word is looked
 * up it loses the dot below (फ़ is read as फ), the moon-dot becomes a dot, and apostrophes go.
 */
export const groups = {
  // What is done to the person
  CALL: "call calls kol kols kaal kall cal col coll caal kaul calling callin caling phonecall phonecalls कॉल काल कौल कोल कॉल्स कॉलें कॉलों कॉल्ज कॉलिंग कालिंग",
  CALLS: "calls kols phonecalls कॉल्स कॉलें कॉल्ज",
  PHONE: "phone phones fone fon foon phon phne telephone dial ring फोन फोने फून रिंग डायल",
  CONTACT: "contact sampark कांटेक्ट कॉन्टैक्ट कॉन्टेक्ट संपर्क सम्पर्क",
  CALLING: "calling phoning ringing dialing dialling contacting disturbing harassing harassment bothering spamming troubling telemarketing pestering torturing कॉलिंग कालिंग",
  CALLED: "called phoned contacted disturbed harassed bothered",
  PESTER: "pareshan pareshaan preshan paresan pareshani pareshaani tang disturb distrub harass irritate bother trouble pester torture spam परेशान परेसान परेशानी तंग डिस्टर्ब हैरेस टॉर्चर",
  OBJECT: "message messages msg msgs sms text texts email mail whatsapp मैसेज मेसेज एसएमएस व्हाट्सएप व्हाट्सऐप वॉट्सऐप ईमेल",

  // Refusing
  MAT: "mat matt mut mt nako nakko naku मत नको नक्को",
  NA: "na naa ना न",
  NAHI: "nahi nahin nahee nai nhi nahiin nahii naheen नहीं नही नहिं नहि",
  DONT: "dont dnt donot dun never nevr shouldnt mustnt डोंट डोन्ट डोंन्ट डोनट डॉन्ट नेवर नेव्हर नेभर",
  NOT: "not didnt doesnt wont cant cannot couldnt isnt havent नॉट नाट",
  STOP: "stop stopp quit cease halt refrain desist discontinue स्टॉप स्टाप क्विट",

  // Verbs: what one is told to do
  KARO: `karo kro karna krna kariye kariyega karie kariega karye kare karen karein kren karain kijiye kijie kijiyega kijiega kijiyo kijye kariyo karne karni karoge karogi karneka
    karao karwao karvao karana karwana karwaiye karaiye karvaiye kardo krdo kardena kardijiye kardijie lagao lagana lagaana lagaye lagaiye milao milana milaiye ghumao
    करो करना करिए करिये करिएगा करियेगा करे करें कीजिए कीजिये कीजिएगा कीजियेगा करने करनी करोगे कराओ करवाओ कराना करवाना करवाइए लगाओ लगाना लगाएं लगाइए मिलाओ मिलाना मिलाइए`,
  KARNA: "karna krna karne karni करना करने करनी",
  KAR: "kar kr कर",
  GIVE: "do dijiye dijie dijiyega dena dedo de den dein lo lijiye दो दीजिए दीजिये दीजिएगा देना दे दें लो लीजिए",
  KIYA: "kiya kia kari kiye किया करी किये",
  AANA: "aana aani aane aaye aye आना आनी आने आए आये",
  WANT: "chahiye chahie chaahiye chahiyen chaiye chahta chahti chahte mangta चाहिए चाहिये चाहता चाहती चाहते",
  WISH: "want wish need like वांट नीड",
  NEED: "zaroorat jaroorat zarurat jarurat जरूरत जरुरत आवश्यकता",
  BAND: "band bandh bund bnd बंद बन्द बंध",
  LEAVE: "chhod chod chhor rok ruk छोड रोक रुक",
  STOPIT: "chhodo chodo chhodiye chodiye chhoriye roko rokiye rukwao छोडो छोडिए छोडिये रोको रोकिए रोकिये",
  ALONE: "peecha peechha picha pichha piccha akela akele पीछा अकेला अकेले",

  // Being on a list
  NUMBER: "number numbers numbar nambar namber nmbr naam name nam details नंबर नम्बर नाम नेम",
  REMOVE: "hata hatao hatado hatana hataiye hataye hatwao hatwaiye hatade delete remove erase mita mitao mitaiye हटा हटाओ हटाना हटाइए हटाइये हटाएं हटवाओ हटवा डिलीट डिलिट रिमूव रीमूव मिटा मिटाओ मिटाइए",
  TAKEOUT: "nikal nikaal nikalo nikaalo nikaliye nikalwao kaat kat kato kaato kaatiye bahar baahar निकाल निकालो निकालिए काट काटो काटिए बाहर",
  BLOCK: "block blok blacklist ब्लॉक ब्लाक ब्लैकलिस्ट",
  LIST: "list lists database system record records register data लिस्ट सूची रिकॉर्ड सिस्टम डेटाबेस",
  DND: "dnd डीएनडी",
  OPTOUT: "unsubscribe unsubscribed optout अनसब्सक्राइब अनसबस्क्राइब अनसब्स्क्राइब",
  CONSENT: "consent permission authorisation authorization anumati ijazat sahmati सहमति अनुमति इजाजत परमिशन",
  MONEY: "loan account card emi payment penalty charge charges fee interest cibil mandate policy लोन खाता खाते कार्ड",
  THREAT: "will ill shall gonna going karunga karungi karenge dunga doonga dungi denge jaunga jaungi jayenge करूंगा करूंगी करेंगे दूंगा दूंगी देंगे जाऊंगा जाऊंगी hoga hogi",
  COMPLAIN: "complain complaint complaints police polis case court sue legal fir trai consumer shikayat shikayet शिकायत कंप्लेंट कम्प्लेंट पुलिस केस कोर्ट",

  // Who
  ME: "me us mujhe mujhko mereko mujko muje mujhse hume humein hamein humko hamko mainu mi मी मुझे मुझको मेरेको हमें हमको हमे मुझसे",
  MY: "my our mera meri mere hamara hamare माय माई मेरा मेरी मेरे हमारा",
  SAYER: "i we they he she who people main hum मैं हम",
  OTHERS: "him her them it that police cab taxi ambulance doctor people anyone anybody everybody customer a an the off",
  TITLE: "sir madam maam mam aunty uncle सर मैडम अंकल आंटी",
  LANGUAGE: "english hindi tamil telugu marathi bengali bangla gujarati kannada malayalam punjabi urdu angrezi angreji अंग्रेजी इंग्लिश हिंदी हिन्दी तमिल तेलुगु मराठी",

  // When
  AGAIN: "again ever dobara dubara dobaara dubaara doobara phirse firse phir fir wapas wapis kabhi kabi aainda ainda aayinda अगेन दोबारा दुबारा फिर वापस कभी आइंदा आइन्दा",
  ALWAYS: "anymore hamesha always forever permanently हमेशा",
  TIME: `now today tonight tomorrow morning evening night afternoon noon later weekend weekends week month during hour hours moment minute minutes
    sunday monday tuesday wednesday thursday friday saturday sundays saturdays
    abhi abi aaj aj kal parso parson subah shaam sham raat rat dopahar dupahar baje bje samay waqt vakt time timing baad filhaal filhal din hafte hafta mahine ghante ghanta itwar ravivar somvar mangalvar budhvar guruvar shukravar shanivar
    अभी आज कल परसों सुबह शाम रात दोपहर बजे समय वक्त टाइम बाद फिलहाल दिन हफ्ते हफ्ता महीने घंटे रविवार सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार इतवार नाउ टुडे टुमॉरो`,
  BUSY: "busy driving meeting lunch dinner sleeping hospital class मीटिंग बिजी व्यस्त ड्राइविंग लंच",
  LIMIT: "before until till between after tak तक",
  TOLD: "told said asked",
  BOLA: "bola boli bole kaha bataya mana keh kehna बोला बोली बोले कहा बताया मना कह",
  PAST: "tha thi the था थी थे gaya gaye gayi गया गए गयी गई aaya aayi आया आई aata aate aati आता आते आती karta karte karti करते करता करती",
  NUM: "ek teen char chaar paanch panch chhe saat aath nau das dus bees pachas sau one two three four five six seven eight nine ten twenty hundred एक तीन चार पांच छह सात आठ नौ दस बीस पचास सौ",

  // How it is asked
  WHY: "why kyun kyon kyu kyo क्यों क्यूं व्हाई",
  IF: "if agar unless अगर यदि yadi jabtak",

  /** Between "don't" and "call". */
  DARE: "dare try make making give receive receiving get getting have having to in more further any ever even be being bloody fucking damn f ing",

  // What may stand between the parts of a wish without changing it
  FILL: `me us my our mujhe mujhko mereko mujko muje hume humein hamein humko hamko mainu mere mera meri hamara hamare ko pe par pr se ye yeh is iss ispe ispar please pls plz kindly kripya ji bhai bhaiya sir madam maam mam yaar
    aap ap aapka aapki aapke apni tum tumhara tu log aaplog bilkul bhi hi to toh aur or and ya koi kisi tarah mein us back karke aise itna roz baar bar unknown faltu faaltu wala wale wali re be daily sab just at all even only any
    this these those the your you such on from of promotional marketing sales future ke liye ghar papa bete beta family office
    मुझे मुझको मेरेको मेरे मेरा मेरी हमें हमको हमे मी को पे पर से ये यह इस उस प्लीज कृपया जी भाई सर मैडम यार आप आपका आपकी आपके तुम लोग बिल्कुल बिलकुल भी ही तो और या कोई किसी में मे बार रोज घर के लिए माय योर दिस ऑफिस`,
} as const;

export type Group = keyof typeof groups;

/** Groups of groups. LET is what a gap ("…") lets through, SOFT what may stand between "don't" and "call". */
export const unions: Readonly<Record<string, readonly Group[]>> = {
  RING: ["CALL", "PHONE", "CONTACT"],
  NEG: ["MAT", "NA"],
  LET: ["FILL", "AGAIN", "ALWAYS", "TIME", "NUMBER", "OBJECT", "NUM", "BUSY", "PHONE"],
  SOFT: ["FILL", "AGAIN", "ALWAYS", "DARE"],
};
