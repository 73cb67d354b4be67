/** Devanagari consonants as Indians write them in Latin letters; each carries an inherent "a" until a sign says otherwise. */
const consonants: Readonly<Record<string, string>> = {
  क: "k", ख: "kh", ग: "g", घ: "gh", ङ: "n", च: "ch", छ: "ch", ज: "j", झ: "jh", ञ: "n", ट: "t", ठ: "th", ड: "d", ढ: "dh", ण: "n",
  त: "t", थ: "th", द: "d", ध: "dh", न: "n", प: "p", फ: "f", ब: "b", भ: "bh", म: "m", य: "y", र: "r", ल: "l", ळ: "l", व: "v",
  श: "sh", ष: "sh", स: "s", ह: "h",
};
const vowels: Readonly<Record<string, string>> = {
  अ: "a", आ: "a", इ: "i", ई: "i", उ: "u", ऊ: "u", ऋ: "ri", ए: "e", ऐ: "ai", ऍ: "e", ओ: "o", औ: "au", ऑ: "o",
};
const vowelSigns: Readonly<Record<string, string>> = {
  "ा": "a", "ि": "i", "ी": "i", "ु": "u", "ू": "u", "ृ": "ri", "े": "e", "ै": "ai", "ॅ": "e", "ो": "o", "ौ": "au", "ॉ": "o",
};
const virama = "\u094d";
const nasals = new Set(["\u0901", "\u0902"]);
const visarga = "\u0903";
const nukta = "\u093c";

type Sound = { text: string; kind: "consonant" | "vowel" | "schwa" };

/** Devanagari and its digits written in Latin letters, the way people type Hindi; other text is left as it is. */
export function latinFromDevanagari(text: string): string {
  const digitsDone = text.replace(/[\u0966-\u096f]/g, (digit) => String(digit.charCodeAt(0) - 0x0966));
  return digitsDone.normalize("NFD").replace(/[\u0900-\u0963]+/g, latinWord);
}

function latinWord(word: string): string {
  const sounds = soundsOf([...word].filter((letter) => letter !== nukta));
  return withoutSilentVowels(sounds)
    .map((sound) => sound.text)
    .join("");
}

function soundsOf(letters: readonly string[]): Sound[] {
  const sounds: Sound[] = [];
  letters.forEach((letter, at) => {
    const next = letters[at + 1] ?? "";
    const consonant = consonants[letter];
    const vowel = vowels[letter] ?? vowelSigns[letter];
    if (consonant !== undefined) {
      sounds.push({ text: consonant, kind: "consonant" });
      if (!(next in vowelSigns) && next !== virama) sounds.push({ text: "a", kind: "schwa" });
    } else if (vowel !== undefined) sounds.push({ text: vowel, kind: "vowel" });
    else if (nasals.has(letter)) sounds.push({ text: /[पफबभम]/.test(next) ? "m" : "n", kind: "consonant" });
    else if (letter === visarga) sounds.push({ text: "h", kind: "consonant" });
  });
  return sounds;
}

/** Hindi drops the inherent vowel at the end of a word and between "vowel consonant" and "consonant vowel" (अगले is "agle"). */
function withoutSilentVowels(sounds: readonly Sound[]): Sound[] {
  const kept = [...sounds];
  const isVowel = (sound: Sound | undefined): boolean => sound !== undefined && sound.kind !== "consonant";
  if (kept.length > 2 && kept.at(-1)?.kind === "schwa") kept.pop();
  for (let at = kept.length - 1; at >= 0; at -= 1) {
    if (kept[at]?.kind !== "schwa") continue;
    const between = isVowel(kept[at - 2]) && kept[at - 1]?.kind === "consonant" && kept[at + 1]?.kind === "consonant" && isVowel(kept[at + 2]);
    if (between) kept.splice(at, 1);
  }
  return kept;
}
