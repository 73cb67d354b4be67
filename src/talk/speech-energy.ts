/** Mean loudness above which a frame may be speech: well above line noise, below a quiet voice. Of 32,768. */
const loudAbove = 1_200;

/** Loudness of each μ-law byte (ITU-T G.711). */
const loudness = Uint16Array.from({ length: 256 }, (_, byte) => {
  const bits = ~byte & 0xff;
  return ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 0x07)) - 0x84;
});

/** Whether a μ-law frame is loud enough to be somebody speaking. */
export function isLoud(frame: Uint8Array): boolean {
  let sum = 0;
  for (const byte of frame) sum += loudness[byte] ?? 0;
  return sum > loudAbove * frame.length;
}
