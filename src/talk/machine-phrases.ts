import { bareWords } from "./backchannel.ts";

/** What a recorded voice may be. */
export type MachineKind = "voicemail" | "carrier_announcement";

export interface MachinePhrase {
  id: string;
  kind: MachineKind;
}

/**
 * Sentences that recorded voices say and people do not, in English and Hindi, both scripts. Each group counts once,
 * however often it is heard, so that two groups are two signals.
 */
const groups: readonly { id: string; kind: MachineKind; phrases: readonly string[] }[] = [
  { id: "leave_message", kind: "voicemail", phrases: ["leave a message", "leave your message", "leave me a message", "record your message", "apna sandesh", "sandesh chhod", "sandesh chod", "message chhod", "message chod", "अपना संदेश", "संदेश छोड़", "मैसेज छोड़", "संदेश रिकॉर्ड"] },
  { id: "after_the_tone", kind: "voicemail", phrases: ["after the tone", "after the beep", "at the tone", "beep ke baad", "beep ke bad", "बीप के बाद", "टोन के बाद"] },
  { id: "voicemail", kind: "voicemail", phrases: ["voicemail", "voice mail", "mailbox", "answering machine", "वॉइस मेल", "वॉइसमेल", "वॉयसमेल", "वॉयस मेल"] },
  { id: "unavailable_greeting", kind: "voicemail", phrases: ["can't come to the phone", "cannot come to the phone", "can't take your call", "cannot take your call", "unable to take your call", "get back to you as soon", "you have reached", "you've reached"] },
  { id: "switched_off", kind: "carrier_announcement", phrases: ["switched off", "switch off hai", "switch off he", "स्विच ऑफ", "स्विच्ड ऑफ", "बंद है कृपया", "band hai kripya"] },
  { id: "not_reachable", kind: "carrier_announcement", phrases: ["not reachable", "out of coverage", "out of network", "network coverage area", "pahunch se bahar", "pahunch se bahaar", "पहुंच से बाहर", "पहुँच से बाहर", "नेटवर्क क्षेत्र से बाहर", "कवरेज क्षेत्र से बाहर"] },
  { id: "not_answering", kind: "carrier_announcement", phrases: ["is not answering", "is not responding", "uttar nahin de", "uttar nahi de", "jawab nahi de raha", "उत्तर नहीं दे", "जवाब नहीं दे"] },
  { id: "number_called", kind: "carrier_announcement", phrases: ["number you are calling", "number you have dialed", "number you have dialled", "number you are trying", "subscriber you are", "subscriber you have", "person you are calling", "person you are trying", "jis vyakti ko", "jis number par", "aapke dwara dial", "dial kiya gaya", "जिस व्यक्ति को", "जिस नंबर पर", "आपके द्वारा डायल", "डायल किया गया", "उपभोक्ता"] },
  { id: "call_later", kind: "carrier_announcement", phrases: ["please try again later", "please try after some time", "kripya kuch samay", "कृपया कुछ समय"] },
  { id: "busy_on_other", kind: "carrier_announcement", phrases: ["busy on another call", "is currently busy", "kisi aur call par", "doosri call par", "dusri call par", "दूसरी कॉल पर", "किसी अन्य कॉल"] },
  { id: "invalid_number", kind: "carrier_announcement", phrases: ["number does not exist", "is not in use", "invalid number", "incoming facility", "temporarily out of service", "अमान्य है", "उपलब्ध नहीं है कृपया", "अस्थायी रूप से"] },
];

const prepared = groups.map((group) => ({ id: group.id, kind: group.kind, phrases: group.phrases.map((phrase) => ` ${bareWords(phrase).join(" ")}`) }));

/** The groups of recorded sentences that the text contains. */
export function machinePhrasesIn(text: string): readonly MachinePhrase[] {
  const heard = ` ${bareWords(text).join(" ")} `;
  return prepared.filter((group) => group.phrases.some((phrase) => heard.includes(phrase))).map(({ id, kind }) => ({ id, kind }));
}
