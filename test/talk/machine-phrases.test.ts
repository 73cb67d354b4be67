import { describe, expect, test } from "vitest";
import { machinePhrasesIn } from "../../src/talk/machine-phrases.ts";
import { rehearse, type RehearsalOptions } from "./rehearsal.ts";

function pickedUp(options: RehearsalOptions = {}) {
  const call = rehearse({ language: "hi-IN", ...options });
  call.tell({ kind: "opened" });
  call.pass(500);
  return call;
}

const announcements: readonly string[] = [
  "आप जिस व्यक्ति से संपर्क करना चाहते हैं वह अभी उपलब्ध नहीं है",
  "आप जिस व्यक्ति से संपर्क करना चाहते हैं, वह अभी व्यस्त है। कृपया थोड़ी देर बाद प्रयास करें।",
  "आप जिस नंबर से संपर्क करना चाहते हैं वह अभी बंद है",
  "आप जिस नंबर से संपर्क करना चाहते हैं वह अभी स्विच ऑफ है",
  "आप जिस नंबर पर कॉल कर रहे हैं वह अभी नेटवर्क क्षेत्र से बाहर है",
  "जिस व्यक्ति को आप कॉल कर रहे हैं वह अभी कॉल नहीं ले सकते",
  "जिस व्यक्ति को आप कॉल कर रहे हैं वह दूसरी कॉल पर व्यस्त है",
  "आपके द्वारा डायल किया गया नंबर अभी पहुँच से बाहर है",
  "डायल किया गया नंबर अमान्य है, कृपया नंबर जाँच लें",
  "इस नंबर पर इनकमिंग कॉल की सुविधा अस्थायी रूप से बंद कर दी गई है",
  "aap jis vyakti se sampark karna chahte hain vah abhi uttar nahi de rahe hain kripya thodi der baad call karein",
  "aap jis vyakti se sampark karna chahte hain wo abhi available nahi hai",
  "aapke dwara dial kiya gaya number abhi vyast hai",
  "is number par incoming call ki suvidha band kar di gayi hai",
  "The number you are calling is switched off. Please try again later.",
  "The person you are trying to call is not answering. Please try again later",
  "The number you’re calling is currently busy. Please call after some time.",
  "The subscriber you are calling is not reachable at the moment",
  "The Airtel customer you are trying to reach is not available",
  "The number you have dialed does not exist please check the number",
  "The number you have dialled is out of coverage area",
  "Incoming calls are not allowed on this number",
  "The person you have called is speaking to someone else, please stay on the line",
  "நீங்கள் அழைக்கும் எண் தற்போது ஸ்விட்ச் ஆஃப் செய்யப்பட்டுள்ளது",
  "நீங்கள் தொடர்பு கொள்ள விரும்பும் வாடிக்கையாளர் தற்போது பிஸியாக உள்ளார்",
  "நீங்கள் டயல் செய்த எண் தொடர்பு எல்லைக்கு வெளியே உள்ளது",
  "మీరు కాల్ చేస్తున్న నంబర్ ప్రస్తుతం స్విచ్ ఆఫ్ చేయబడింది",
  "మీరు డయల్ చేసిన నంబర్ ప్రస్తుతం అందుబాటులో లేదు",
  "ನೀವು ಕರೆ ಮಾಡಿದ ಚಂದಾದಾರರು ವ್ಯಾಪ್ತಿ ಪ್ರದೇಶದ ಹೊರಗಿದ್ದಾರೆ",
  "ನೀವು ಡಯಲ್ ಮಾಡಿದ ಸಂಖ್ಯೆ ಸ್ವಿಚ್ ಆಫ್ ಆಗಿದೆ",
  "നിങ്ങൾ വിളിക്കുന്ന നമ്പർ ഇപ്പോൾ സ്വിച്ച് ഓഫ് ആണ്",
  "നിങ്ങൾ വിളിക്കുന്ന സബ്സ്ക്രൈബർ ഇപ്പോൾ പരിധിക്ക് പുറത്താണ്",
  "आपण ज्या व्यक्तीशी संपर्क करू इच्छिता ती सध्या उपलब्ध नाही",
  "आपण डायल केलेला क्रमांक सध्या बंद आहे",
  "আপনি যে নম্বরে কল করেছেন সেটি এখন বন্ধ আছে",
  "আপনি যে নাম্বারে ফোন করেছেন সেটি এই মুহূর্তে ব্যস্ত আছে",
  "તમે જે નંબર પર કૉલ કરી રહ્યા છો તે અત્યારે બંધ છે",
  "આપ જે વ્યક્તિનો સંપર્ક કરવા માંગો છો તે અત્યારે વ્યસ્ત છે",
  "ਤੁਸੀਂ ਜਿਸ ਨੰਬਰ ਤੇ ਕਾਲ ਕਰ ਰਹੇ ਹੋ ਉਹ ਹੁਣ ਬੰਦ ਹੈ",
];

const people: readonly string[] = [
  "abhi main busy hoon, baad mein call karna",
  "woh available nahi hai, main uska bhai hoon",
  "वो अभी उपलब्ध नहीं है, मैं उसका भाई हूँ",
  "he is busy right now, call him in the evening",
  "she is not available, this is her husband",
  "sahab is currently busy in a meeting",
  "uska phone switch off hai, coverage area se bahar hai",
  "mera phone switched off tha, network coverage area nahi tha",
  "phone switch off tha aur network coverage area se bahar tha",
  "मेरा फोन बंद था, मैं नेटवर्क क्षेत्र से बाहर था",
  "aap jis number par call kar rahe ho woh mera nahi hai",
  "आप जिस नंबर पर कॉल कर रहे हैं वह मेरे भाई का है, वह अभी उपलब्ध नहीं है",
  "aap jis number se call kar rahe ho woh spam dikha raha hai",
  "the person you are trying to reach is my brother, he is not available",
  "you can leave a message with my wife",
  "I am driving, please call later in the evening",
  "haan boliye kaun bol raha hai",
  "dukaan band hai abhi, kal aana",
  "दुकान बंद है, कल बात करते हैं",
  "line busy hai kya, awaaz nahi aa rahi",
  "main abhi doosri call par hoon",
  "why is your office not answering the phone",
  "ye number band hone wala hai",
  "நான் இப்போது பிஸியாக இருக்கிறேன்",
  "నేను ఇప్పుడు బిజీగా ఉన్నాను",
  "ನಾನು ಈಗ ಕಾರ್ಯನಿರತ",
  "ഞാൻ ഇപ്പോൾ തിരക്കിലാണ്",
  "मी आता बाहेर आहे, दुकान बंद आहे",
  "আমি এখন ব্যস্ত আছি",
  "હું અત્યારે વ્યસ્ત છું",
  "ਮੈਂ ਹੁਣ ਬਿਜ਼ੀ ਹਾਂ",
];

describe("a carrier's announcement", () => {
  test.each(announcements)("ends the call by itself: %s", (text) => {
    const call = pickedUp();
    call.say(text);
    call.pass(500);
    expect(call.result()).toMatchObject({ endReason: "carrier_announcement", answeredBy: "carrier_announcement" });
    expect(call.requests).toHaveLength(0);
  });

  test("is known when it comes in two turns", () => {
    const call = pickedUp();
    call.say("आप जिस व्यक्ति से संपर्क करना चाहते हैं");
    call.listen();
    expect(call.state().closing).toBeNull();
    call.say("वह अभी उपलब्ध नहीं है");
    call.pass(500);
    expect(call.result()?.endReason).toBe("carrier_announcement");
  });

  test("is known by coming round word for word, in whatever language", () => {
    const call = pickedUp();
    for (let round = 0; round < 3; round += 1) {
      expect(call.state().closing).toBeNull();
      call.say("dear valued customer kindly wait as all of our lines are engaged");
      call.listen();
    }
    expect(call.result()?.endReason).toBe("carrier_announcement");
    expect(call.state().answering.personTurns).toBe(0);
  });
});

describe("a person", () => {
  test.each(people)("is not taken for a recording: %s", (text) => {
    const call = pickedUp();
    call.say(text);
    call.listen();
    expect(call.state().closing).toBeNull();
    expect(machinePhrasesIn(text).length).toBeLessThan(2);
  });

  test("is not taken for one over the whole of those sentences", () => {
    for (const text of people) {
      const call = pickedUp();
      call.say("haan ji boliye, kaun");
      call.listen();
      call.say(text);
      call.listen();
      expect(call.state().closing).toBeNull();
    }
  });

  test("with whom the agent has talked is not hung up on for sounding like a recording", () => {
    const call = pickedUp();
    for (const text of ["haan ji boliye", "kaun si company se", "achha theek hai", "I can't take your call right now, please leave a message"]) {
      call.say(text);
      call.listen();
    }
    expect(call.state().closing).toBeNull();
  });

  test("who says a short thing again and again stays a person", () => {
    const call = pickedUp();
    for (let round = 0; round < 4; round += 1) {
      call.say("haan boliye kaun bol raha hai");
      call.listen();
    }
    expect(call.state().closing).toBeNull();
    expect(call.state().answering.personTurns).toBeGreaterThan(1);
  });

  test("who says one long thing twice stays a person", () => {
    const call = pickedUp();
    for (let round = 0; round < 2; round += 1) {
      call.say("please tell what this call is about and where you got this number");
      call.listen();
    }
    expect(call.state().closing).toBeNull();
  });
});

describe("a personal voicemail", () => {
  test.each([
    ["hi this is Rahul I can not talk right now", "please leave a message after the tone"],
    ["hello you are through to Priya Sharma", "leave your name and number, leave a message after the beep"],
    ["namaste main Asha bol rahi hoon", "kripya beep ke baad apna sandesh chhodein"],
  ])("is known by its second turn: %s … %s", (first, second) => {
    const call = pickedUp();
    call.say(first);
    call.say(second);
    call.pass(500);
    expect(call.result()).toMatchObject({ endReason: "voicemail", answeredBy: "voicemail" });
  });
});
