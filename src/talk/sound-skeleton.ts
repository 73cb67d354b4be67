/*
 * The consonants of a word as they sound, without vowels, length, breath and voice, so that "दिल्ली", "Delhi" and
 * "டெல்லி" meet. Coarse on purpose: it shows that a word was said, never that it is the right one.
 */

/** The scripts of India stand in Unicode in one order, 128 places apart: a letter's place tells its sound. */
const firstScript = 0x0900;
const lastScript = 0x0d7f;
const places: readonly (readonly [from: number, to: number, sound: string])[] = [
  [0x01, 0x02, "n"],
  [0x15, 0x18, "k"],
  [0x19, 0x19, "n"],
  [0x1a, 0x1d, "s"],
  [0x1e, 0x1e, "n"],
  [0x1f, 0x22, "t"],
  [0x23, 0x23, "n"],
  [0x24, 0x27, "t"],
  [0x28, 0x29, "n"],
  [0x2a, 0x2d, "p"],
  [0x2e, 0x2e, "n"],
  [0x2f, 0x2f, "y"],
  [0x30, 0x31, "r"],
  [0x32, 0x34, "l"],
  [0x35, 0x35, "v"],
  [0x36, 0x38, "s"],
];

const latin: Readonly<Record<string, string>> = { k: "k", q: "k", c: "k", g: "k", j: "s", z: "s", s: "s", t: "t", d: "t", n: "n", m: "n", p: "p", f: "p", b: "p", y: "y", r: "r", l: "l", v: "v", w: "v", x: "ks" };

/** The skeleton of one word in any script of India or in Latin letters: "Rajesh" and "राजेश" → "rss". */
export function soundSkeleton(word: string): string {
  const sounds = [...word.toLowerCase().normalize("NFD").replace(/ch/g, "s")].map((letter) => {
    const code = letter.charCodeAt(0);
    if (code < firstScript || code > lastScript) return latin[letter] ?? "";
    const place = (code - firstScript) % 0x80;
    return places.find(([from, to]) => place >= from && place <= to)?.[2] ?? "";
  });
  return sounds.join("").replace(/(.)\1+/g, "$1");
}
