import { SaxesParser } from "saxes";

/** One element of a TwiML document. */
export interface TwimlElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly TwimlElement[];
  text: string;
}

/** The verbs inside `<Response>`, in order. */
export interface TwimlDocument {
  verbs: readonly TwimlElement[];
}

export interface TwimlReading {
  /** Absent when the text is no well-formed TwiML at all (error 12100). */
  document: TwimlDocument | undefined;
  /** What is not in the language the dialer may use: unknown elements, attributes, missing or misplaced ones. */
  faults: readonly string[];
}

interface ElementRule {
  attributes: readonly string[];
  children?: readonly string[];
  requires?: readonly string[];
}

/** What may stand in which element (Twilio's documentation); everything else is reported. */
const rules: Readonly<Record<string, ElementRule>> = {
  Response: { attributes: [], children: ["Say", "Play", "Pause", "Gather", "Start", "Connect", "Redirect", "Hangup"] },
  Say: { attributes: ["voice", "language", "loop"] },
  Play: { attributes: ["loop", "digits"] },
  Pause: { attributes: ["length"] },
  Gather: {
    attributes: ["input", "action", "method", "numDigits", "timeout", "speechTimeout", "language", "hints", "speechModel", "actionOnEmptyResult", "bargeIn", "finishOnKey", "partialResultCallback", "partialResultCallbackMethod", "profanityFilter", "enhanced"],
    children: ["Say", "Play", "Pause"],
  },
  Start: { attributes: [], children: ["Recording"] },
  Recording: { attributes: ["recordingStatusCallback", "recordingStatusCallbackMethod", "recordingStatusCallbackEvent", "channels", "track", "trim"] },
  Connect: { attributes: ["action", "method"], children: ["Stream"] },
  Stream: { attributes: ["url", "name", "track", "statusCallback", "statusCallbackMethod"], children: ["Parameter"], requires: ["url"] },
  Parameter: { attributes: ["name", "value"], requires: ["name", "value"] },
  Redirect: { attributes: ["method"] },
  Hangup: { attributes: [] },
};
const longestSay = 4_096;
const longestParameter = 500;

/** Reads TwiML strictly: well-formed XML with `<Response>` outermost. */
export function parseTwiml(xml: string): TwimlReading {
  const faults: string[] = [];
  const open: Array<{ name: string; attributes: Record<string, string>; children: TwimlElement[]; text: string }> = [];
  let root: TwimlElement | undefined;
  const parser = new SaxesParser();
  parser.on("opentag", (tag) => open.push({ name: tag.name, attributes: { ...tag.attributes }, children: [], text: "" }));
  parser.on("text", (text) => {
    const innermost = open.at(-1);
    if (innermost) innermost.text += text;
  });
  parser.on("cdata", (text) => {
    const innermost = open.at(-1);
    if (innermost) innermost.text += text;
  });
  parser.on("closetag", () => {
    const closed = open.pop();
    if (!closed) return;
    const element: TwimlElement = { ...closed, text: closed.text.trim() };
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
  });
  const broken: string[] = [];
  parser.on("error", (error) => broken.push(error.message));
  parser.write(xml.trim()).close();
  if (broken.length > 0 || !root) return { document: undefined, faults: broken.length > 0 ? broken.slice(0, 1) : ["empty document"] };
  if (root.name !== "Response") return { document: undefined, faults: [`expected <Response>, got <${root.name}>`] };
  checkElement(root, faults);
  return { document: { verbs: root.children }, faults };
}

function checkElement(element: TwimlElement, faults: string[]): void {
  const rule = rules[element.name];
  if (!rule) return void faults.push(`unknown element <${element.name}>`);
  for (const name of Object.keys(element.attributes)) {
    if (!rule.attributes.includes(name)) faults.push(`<${element.name}> has no attribute ${name}`);
  }
  for (const name of rule.requires ?? []) {
    if ((element.attributes[name] ?? "") === "") faults.push(`<${element.name}> needs ${name}`);
  }
  if (element.name === "Say" && element.text.length > longestSay) faults.push(`<Say> is longer than ${longestSay} characters`);
  if (element.name === "Stream") checkStreamUrl(element.attributes["url"] ?? "", faults);
  if (element.name === "Parameter" && `${element.attributes["name"]}${element.attributes["value"]}`.length > longestParameter) faults.push(`<Parameter> is longer than ${longestParameter} characters`);
  for (const child of element.children) {
    if (rules[child.name] && !(rule.children ?? []).includes(child.name)) faults.push(`<${child.name}> may not stand in <${element.name}>`);
    checkElement(child, faults);
  }
}

/** `<Stream>` takes wss only; plain ws is let through on the same machine. Its query string never arrives. */
function checkStreamUrl(url: string, faults: string[]): void {
  if (url === "") return;
  if (!URL.canParse(url)) return void faults.push(`<Stream> url is no URL: ${url}`);
  const { protocol, hostname, search } = new URL(url);
  const loopback = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
  if (protocol !== "wss:" && !(protocol === "ws:" && loopback)) faults.push(`<Stream> url must be wss, got ${protocol}`);
  if (search !== "") faults.push("<Stream> url has a query string, which is stripped");
}
