/** What a recorded voice may be. */
export type MachineKind = "voicemail" | "carrier_announcement";

/**
 * Parts of sentences that recorded voices say and people hardly do, in English, Hindi (both scripts) and the other
 * languages of Indian carriers. Each group counts once, however often it is heard, so that two groups are two signals.
 */
export interface SentenceGroup {
  readonly id: string;
  readonly kind: MachineKind;
  readonly phrases: readonly string[];
  /** What a person may say as well ("he is busy"): counts only once the voice has spoken of "the number you are calling". */
  readonly needsContext?: true;
}

/** The groups that give such context. */
export const contextGroups: ReadonlySet<string> = new Set(["number_called", "incoming_barred"]);

const numberCalled = [
  ...["number you are calling", "number you're calling", "number you called", "number you have called", "number you have dialed", "number you have dialled", "number you dialed", "number you dialled", "number you've dialed", "number you are trying", "number you're trying"],
  ...["subscriber you are", "subscriber you have", "customer you are", "user you are calling", "person you are calling", "person you're calling", "person you have called", "person you are trying", "person you're trying", "you are trying to reach", "you're trying to reach", "you are trying to call"],
  ...["jis vyakti ko", "jis vyakti se", "jis number par", "jis number pe", "jis number ko", "jis number se sampark", "aapke dwara dial", "dial kiya gaya", "dial kiya hua number", "sampark karna chahte", "sampark karna chah rahe"],
  ...["जिस व्यक्ति को", "जिस व्यक्ति से", "जिस नंबर पर", "जिस नंबर को", "जिस नंबर से संपर्क", "जिस नम्बर पर", "आपके द्वारा डायल", "डायल किया गया", "डायल किया हुआ", "संपर्क करना चाहते", "संपर्क करना चाह रहे", "सम्पर्क करना चाहते", "उपभोक्ता"],
  // Tamil, Telugu, Kannada, Malayalam
  ...["நீங்கள் அழைக்கும்", "நீங்கள் அழைத்த", "நீங்கள் டயல் செய்த", "நீங்கள் தொடர்பு கொள்ள", "தாங்கள் அழைக்கும்", "தாங்கள் தொடர்பு கொள்ள", "neengal azhaikkum", "neengal azhaitha", "neengal thodarbu kolla"],
  ...["మీరు కాల్ చేస్తున్న", "మీరు కాల్ చేసిన", "మీరు డయల్ చేసిన", "మీరు సంప్రదించాలనుకుంటున్న", "మీరు ప్రయత్నిస్తున్న", "meeru call chestunna", "meeru call chesina", "meeru dial chesina"],
  ...["ನೀವು ಕರೆ ಮಾಡಿದ", "ನೀವು ಕರೆ ಮಾಡುತ್ತಿರುವ", "ನೀವು ಡಯಲ್ ಮಾಡಿದ", "ನೀವು ಸಂಪರ್ಕಿಸಲು", "neevu kare madida", "neevu kare maduttiruva", "neevu dial madida"],
  ...["നിങ്ങൾ വിളിക്കുന്ന", "നിങ്ങൾ വിളിച്ച നമ്പർ", "നിങ്ങൾ ഡയൽ ചെയ്ത", "നിങ്ങൾ ബന്ധപ്പെടാൻ", "താങ്കൾ വിളിക്കുന്ന", "താങ്കൾ വിളിച്ച", "ningal vilikkunna", "ningal dial cheytha"],
  // Marathi, Bengali, Gujarati, Punjabi
  ...["आपण ज्या व्यक्ती", "ज्या व्यक्तीला आपण", "आपण ज्या नंबर", "आपण ज्या क्रमांक", "आपण डायल केलेला", "आपण संपर्क करू इच्छि", "aapan jya vyakti", "aapan jya number", "aapan jya kramank", "aapan dial kelela"],
  ...["আপনি যে নম্বরে", "আপনি যে নাম্বারে", "আপনি যে নম্বরটি", "আপনি যে ব্যক্তি", "আপনি যে গ্রাহক", "আপনার ডায়াল করা", "আপনি যাকে কল", "apni je number", "apni je nombor", "apni je byakti"],
  ...["તમે જે નંબર", "આપ જે નંબર", "તમે જે વ્યક્તિ", "આપ જે વ્યક્તિ", "તમે ડાયલ કરેલ", "આપે ડાયલ કરેલ", "tame je number", "aap je number", "tame je vyakti"],
  ...["ਤੁਸੀਂ ਜਿਸ ਨੰਬਰ", "ਤੁਸੀਂ ਜਿਸ ਵਿਅਕਤੀ", "ਤੁਹਾਡੇ ਦੁਆਰਾ ਡਾਇਲ", "ਤੁਹਾਡੇ ਵੱਲੋਂ ਡਾਇਲ", "tusi jis number", "tusi jis vyakti"],
];

export const sentenceGroups: readonly SentenceGroup[] = [
  { id: "leave_message", kind: "voicemail", phrases: ["leave a message", "leave your message", "leave me a message", "record your message", "apna sandesh", "sandesh chhod", "sandesh chod", "message chhod", "message chod", "अपना संदेश", "संदेश छोड़", "मैसेज छोड़", "संदेश रिकॉर्ड"] },
  { id: "after_the_tone", kind: "voicemail", phrases: ["after the tone", "after the beep", "at the tone", "finished recording", "beep ke baad", "beep ke bad", "बीप के बाद", "टोन के बाद"] },
  { id: "voicemail", kind: "voicemail", phrases: ["voicemail", "voice mail", "mailbox", "answering machine", "वॉइस मेल", "वॉइसमेल", "वॉयसमेल", "वॉयस मेल"] },
  {
    id: "unavailable_greeting",
    kind: "voicemail",
    phrases: ["can't come to the phone", "cannot come to the phone", "can't take your call", "cannot take your call", "can not take your call", "unable to take your call", "not able to take your call", "unable to answer your call", "get back to you as soon", "you have reached", "you've reached"],
  },
  { id: "number_called", kind: "carrier_announcement", phrases: numberCalled },
  { id: "incoming_barred", kind: "carrier_announcement", phrases: ["incoming facility", "incoming calls are not allowed", "incoming calls have been", "incoming call ki suvidha", "incoming ki suvidha", "इनकमिंग कॉल की सुविधा", "इनकमिंग की सुविधा"] },
  {
    id: "switched_off",
    kind: "carrier_announcement",
    phrases: [
      ...["switched off", "switch off hai", "switch off he", "स्विच ऑफ", "स्विच्ड ऑफ", "बंद है कृपया", "band hai kripya", "ஸ்விட்ச் ஆஃப்", "சுவிட்ச் ஆஃப்", "స్విచ్ ఆఫ్", "స్విచ్డ్ ఆఫ్", "ಸ್ವಿಚ್ ಆಫ್", "ಸ್ವಿಚ್ಡ್ ಆಫ್", "സ്വിച്ച് ഓഫ്", "সুইচ অফ", "সুইচড অফ", "સ્વિચ ઓફ", "સ્વીચ ઓફ", "સ્વિચ ઑફ", "ਸਵਿੱਚ ਆਫ", "ਸਵਿਚ ਆਫ"],
    ],
  },
  {
    id: "not_reachable",
    kind: "carrier_announcement",
    phrases: [
      ...["not reachable", "out of coverage", "out of network", "network coverage area", "pahunch se bahar", "pahunch se bahaar", "network kshetra se bahar", "coverage kshetra se bahar", "पहुंच से बाहर", "पहुँच से बाहर", "नेटवर्क क्षेत्र से बाहर", "कवरेज क्षेत्र से बाहर", "नेटवर्क से बाहर"],
      ...["தொடர்பு எல்லைக்கு", "కవరేజ్ ఏరియా", "కవరేజీ ఏరియా", "నెట్‌వర్క్ పరిధి", "ವ್ಯಾಪ್ತಿ ಪ್ರದೇಶ", "ವ್ಯಾಪ್ತಿ ಪ್ರದೇಶದ", "ವ್ಯಾಪ್ತಿಯಿಂದ ಹೊರಗ", "പരിധിക്ക് പുറത്ത", "പരിധിക്കു പുറത്ത", "संपर्क क्षेत्राच्या बाहेर", "कव्हरेज क्षेत्राच्या बाहेर", "नेटवर्क क्षेत्राच्या बाहेर", "নেটওয়ার্কের বাইরে", "নেটওয়ার্ক সীমার বাইরে", "পরিষেবা সীমার বাইরে", "નેટવર્ક ક્ષેત્રની બહાર", "કવરેજ ક્ષેત્રની બહાર", "ਪਹੁੰਚ ਤੋਂ ਬਾਹਰ", "ਕਵਰੇਜ ਖੇਤਰ ਤੋਂ ਬਾਹਰ", "ਨੈੱਟਵਰਕ ਖੇਤਰ ਤੋਂ ਬਾਹਰ"],
    ],
  },
  { id: "call_later", kind: "carrier_announcement", phrases: ["please try again later", "please try after some time", "please try after sometime", "kripya kuch samay", "कृपया कुछ समय", "சிறிது நேரம் கழித்து அழை", "கொஞ்ச நேரம் கழித்து முயற்சி", "కొద్ది సేపటి తర్వాత ప్రయత్నించండి", "ಸ್ವಲ್ಪ ಸಮಯದ ನಂತರ ಪ್ರಯತ್ನಿಸಿ", "അൽപസമയത്തിന് ശേഷം", "कृपया थोड्या वेळाने", "অনুগ্রহ করে কিছুক্ষণ পরে", "કૃપા કરી થોડા સમય પછી", "ਕਿਰਪਾ ਕਰਕੇ ਕੁਝ ਸਮੇਂ"] },
  { id: "busy_on_other", kind: "carrier_announcement", phrases: ["busy on another call", "kisi aur call par vyast", "doosri call par vyast", "dusri call par vyast", "दूसरी कॉल पर व्यस्त", "किसी अन्य कॉल", "किसी और कॉल पर व्यस्त"] },
  { id: "invalid_number", kind: "carrier_announcement", phrases: ["number does not exist", "is not in use", "invalid number", "temporarily out of service", "अमान्य है", "अस्थायी रूप से"] },
  {
    id: "state_of_the_number",
    kind: "carrier_announcement",
    needsContext: true,
    phrases: [
      ...["not available", "unavailable", "is busy", "currently busy", "speaking to someone else", "on another call", "is not answering", "is not responding", "does not answer", "do not disturb", "not allowed", "does not exist", "please check the number", "barred", "on this number"],
      ...["upalabdh nahi", "uplabdh nahi", "available nahi", "band hai", "band he", "band kar di", "vyast hai", "vyast he", "busy hai", "uttar nahin de", "uttar nahi de", "jawab nahi de", "jawab nahin de", "call nahi le sakt", "call nahin le sakt", "doosri call par", "dusri call par", "kisi aur call par"],
      ...["उपलब्ध नहीं", "उपलब्ध नही", "अनुपलब्ध", "बंद है", "बन्द है", "बंद कर दी", "व्यस्त", "उत्तर नहीं दे", "जवाब नहीं दे", "कॉल नहीं ले सकत", "दूसरी कॉल पर", "किसी और कॉल पर", "सेवा में नहीं"],
      ...["தற்போது", "பதிலளிக்க", "பிஸியாக", "அணைத்து வைக்கப்", "கிடைக்கவில்லை", "అందుబాటులో లే", "బిజీగా", "స్పందించడం లేదు", "సమాధానం ఇవ్వడం లేదు", "ಲಭ್ಯವಿಲ್ಲ", "ಕಾರ್ಯನಿರತ", "ಉತ್ತರಿಸುತ್ತಿಲ್ಲ", "ബന്ധപ്പെടാൻ കഴിയി", "ലഭ്യമല്ല", "തിരക്കിലാണ്", "മറുപടി നൽകു"],
      ...["उपलब्ध नाही", "बंद आहे", "उत्तर देत नाही", "প্রতিক্রিয়া", "বন্ধ আছে", "বন্ধ রয়েছে", "ব্যস্ত আছে", "ব্যস্ত রয়েছে", "উপলব্ধ নেই", "উত্তর দিচ্ছে", "બંધ છે", "વ્યસ્ત છે", "ઉપલબ્ધ નથી", "જવાબ નથી આપ", "ਬੰਦ ਹੈ", "ਉਪਲਬਧ ਨਹੀਂ", "ਰੁੱਝਿਆ", "ਵਿਅਸਤ", "ਜਵਾਬ ਨਹੀਂ ਦੇ"],
      ...["upalabdh nahi aahe", "bandh aahe", "bandh che", "bondho ache", "bandh hai"],
    ],
  },
];

/** Words of somebody who speaks for himself or of somebody he knows; no announcement of a carrier uses them. Left out is what Hindi in Latin letters also writes for "in" and "is": mein, me, he. */
export const personWords: ReadonlySet<string> = new Set(
  ("i i'm i've my mine he's she's his her him brother sister wife husband father mother son daughter uncle aunty papa mummy mom dad " +
    "main mai mujhe mujhko mera mere meri hoon hun uska uske uski unka unke unki usko unko tha thi bhai bhaiya behen didi pati patni beta beti biwi " +
    "मैं मुझे मुझको मेरा मेरे मेरी हूँ हूं उसका उसके उसकी उनका उनके उनकी उसको उनको था थी भाई भैया बहन दीदी पति पत्नी बेटा बेटी बीवी पापा मम्मी " +
    "நான் என் என்னுடைய అతను నేను నా నాకు ನಾನು ನನ್ನ ഞാൻ എന്റെ मी माझा माझी माझे त्याचा তার আমি আমার હું મારો મારી મારું ਮੈਂ ਮੇਰਾ ਮੇਰੀ ਮੇਰੇ").split(" "),
);
