import type { CalleeScript, Persona } from "./persona.ts";

/** A recorded voice: says its piece whatever it hears. */
const recites =
  (...actions: ReturnType<CalleeScript>): (() => CalleeScript) =>
  () =>
  (event) =>
    event.kind === "answered" ? actions : [];

const silentLine: () => CalleeScript = () => () => [];

export const machines: readonly Persona[] = [
  {
    name: "voicemail",
    story: "a mailbox: greeting, beep, then it records up to half a minute",
    line: { kind: "answers", ringMs: 14_000 },
    nature: "machine",
    script: recites(
      { do: "say", text: "You have reached the voicemail of this number. The person you are calling cannot take your call. Please leave a message after the beep.", afterMs: 300, firm: true },
      { do: "sound", name: "beep", durationMs: 500, afterMs: 300, firm: true },
      { do: "hang_up", afterMs: 30_000, firm: true },
    ),
  },
  {
    name: "switched_off",
    story: "the network answers and announces that the phone is switched off, twice in two languages",
    line: { kind: "answers", ringMs: 2_500 },
    nature: "announcement",
    script: recites(
      { do: "say", text: "आपके द्वारा डायल किया गया नंबर अभी स्विच ऑफ है। कृपया थोड़ी देर बाद प्रयास करें।", afterMs: 200, firm: true },
      { do: "say", text: "The number you have dialed is currently switched off. Please try again later.", afterMs: 400, firm: true },
      { do: "say", text: "आपके द्वारा डायल किया गया नंबर अभी स्विच ऑफ है। कृपया थोड़ी देर बाद प्रयास करें।", afterMs: 800, firm: true },
      { do: "hang_up", afterMs: 800, firm: true },
    ),
  },
  { name: "not_reachable", story: "early media says not reachable; the network gives up without ringing", line: { kind: "unreachable", afterMs: 9_000, sipCode: 480, status: "failed" }, nature: "announcement", script: silentLine },
  { name: "not_in_service", story: "the number does not exist", line: { kind: "unreachable", afterMs: 2_000, sipCode: 404, status: "failed" }, nature: "announcement", script: silentLine },
  { name: "busy", story: "is on another call", line: { kind: "busy" }, nature: "person", script: silentLine },
  { name: "no_answer", story: "lets it ring", line: { kind: "rings_out" }, nature: "person", script: silentLine },
];
