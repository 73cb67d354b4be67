/**
 * Words with which a listener shows that he listens ("hmm", "haan ji") or asks to hear more ("boliye", "go on"), and does
 * not ask for the floor. A turn made only of these, while the agent speaks, does not stop the agent for good.
 */
const listening = new Set(
  "hmm hm hmmm mm mhm mmm uh um aha ah oh ok okay okey achha accha acha haan han haa ha ji jee theek thik hai right yes yeah yep sure boliye bolo kahiye bataiye batao sun raha rahi hoon hun go on tell me continue listening हम्म हूँ हूं हम अच्छा हाँ हां हा जी ठीक है ओके ओ ओह यस बोलिए बोलिये बोलो कहिए बताइए बताओ सुन रहा रही".split(" "),
);

/** What people say when they pick up. */
const greetings = new Set("hello hallo helo hi hey namaste namaskar pranam haan ji kaun bol raha rahe rahi hai boliye bolo speaking हेलो हैलो हलो नमस्ते नमस्कार प्रणाम कौन बोल रहा रहे रही है बोलिए बोलो जी हाँ हां".split(" "));

/** Longer than this, even "haan haan theek hai ji achha" means something. */
const longestBackchannelWords = 4;
const longestPickupWords = 6;

/** The words of an utterance in lower case, punctuation gone. */
export function bareWords(text: string): readonly string[] {
  return text
    .toLowerCase()
    .normalize("NFC")
    .split(/[^\p{L}\p{M}\p{N}']+/u)
    .filter((word) => word !== "");
}

/** Whether the utterance only shows that somebody listens ("hmm", "haan ji"). An empty one does too. */
export function isBackchannel(text: string): boolean {
  const words = bareWords(text);
  return words.length <= longestBackchannelWords && words.every((word) => listening.has(word));
}

/** Whether the utterance is what people say when they pick up ("hello?", "haan, kaun bol raha hai"). */
export function isPickup(text: string): boolean {
  const words = bareWords(text);
  return words.length <= longestPickupWords && words.every((word) => greetings.has(word) || listening.has(word));
}
