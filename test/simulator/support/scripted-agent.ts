import type { WebSocket } from "ws";
import { demodulator, modulate } from "../../../src/simulator/modem.ts";
import { samplesPerMs } from "../../../src/simulator/mulaw.ts";

export interface AgentMessage {
  event: string;
  streamSid?: string;
  sequenceNumber?: string;
  media?: { payload: string; chunk: string; timestamp: string; track: string };
  mark?: { name: string };
  start?: { callSid: string; customParameters: Record<string, string>; tracks: string[] };
  dtmf?: { digit: string };
}

/** An agent that says one line after the other, each when its own has been played and the callee has spoken since. */
export interface ScriptedAgent {
  messages: AgentMessage[];
  heard: string[];
  /** Resolves when the stream has told its id. */
  started: Promise<void>;
  say(text: string): void;
  send(message: object): void;
  /** What to do with a turn of the callee; default the next line. */
  onTurn: (text: string) => void;
}

export function scriptedAgent(socket: WebSocket, lines: readonly string[] = []): ScriptedAgent {
  const queue = [...lines];
  let streamSid = "";
  let words: string[] = [];
  let marks = 0;
  let echoed = 0;
  const ear = demodulator((word) => words.push(word));
  const started = Promise.withResolvers<void>();
  const send = (message: object): void => socket.send(JSON.stringify({ streamSid, ...message }));
  const agent: ScriptedAgent = {
    messages: [],
    heard: [],
    started: started.promise,
    send,
    say(text) {
      marks += 1;
      send({ event: "media", media: { payload: Buffer.from(modulate(text)).toString("base64") } });
      send({ event: "mark", mark: { name: `line ${marks}` } });
    },
    onTurn: () => {
      const line = queue.shift();
      if (line === undefined) socket.close();
      else agent.say(line);
    },
  };
  socket.on("message", (data: Buffer) => {
    const message = JSON.parse(data.toString("utf8")) as AgentMessage;
    agent.messages.push(message);
    if (message.event === "start") {
      streamSid = message.streamSid ?? "";
      started.resolve();
      const greeting = queue.shift();
      if (greeting !== undefined) agent.say(greeting);
    }
    if (message.event === "mark") echoed += 1;
    if (message.event !== "media") return;
    ear.push(Buffer.from(message.media?.payload ?? "", "base64"));
    if (words.length === 0 || ear.samplesHeard - ear.lastSoundEnd < 500 * samplesPerMs) return;
    const turn = words.join(" ");
    words = [];
    agent.heard.push(turn);
    if (echoed === marks) agent.onTurn(turn);
  });
  return agent;
}
