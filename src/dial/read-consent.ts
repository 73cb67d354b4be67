import { optOutKey } from "../domain/opt-out-key.ts";
import { recogniseOptOut } from "../domain/opt-out-phrases.ts";

/** What a person said or pressed when asked whether the call may be recorded. */
export interface ConsentAnswer {
  speech: string | null;
  digits: string | null;
}

const yes = new Set(
  "yes yeah yep sure ok okay fine haan han haa ha ji theek thik tik bilkul zaroor jaroor kar kijiye karo karen हाँ हां हा जी ठीक बिल्कुल ज़रूर जरूर ओके यस ஆம் అవును होय हो হ্যাঁ હા ಹೌದು അതെ ਹਾਂ".split(" "),
);
const no = new Set(
  "no nope not dont don't never nahi nahin nai na mat matt band नहीं नही ना मत नो बंद இல்லை వద్దు కాదు नको না ના ಬೇಡ വേണ്ട ਨਹੀਂ".split(" "),
);

/**
 * Whether the person allowed the recording. Key 1 is yes and every other key no. In speech a single word of refusal
 * outweighs any yes ("haan, nahi, mat karo"); silence and anything not understood are no: without consent nothing is
 * recorded.
 */
export function consentGiven(answer: ConsentAnswer): boolean {
  if (answer.digits !== null && answer.digits !== "") return answer.digits === "1";
  const words = (answer.speech ?? "").normalize("NFC").toLowerCase().split(/[^\p{L}\p{M}']+/u).filter((word) => word !== "");
  return words.some((word) => yes.has(word.normalize("NFC"))) && !words.some((word) => no.has(word.normalize("NFC")));
}

/** Whether the answer is that no call is wanted at all, and how that was let known; undefined when it is not. */
export function refusesCalls(answer: ConsentAnswer): "said" | "pressed" | undefined {
  if (answer.digits === optOutKey) return "pressed";
  return recogniseOptOut(answer.speech ?? "").kind === "opt_out" ? "said" : undefined;
}
