import { VendorError } from "../../domain/errors.ts";
import { bytesPerMs, type TranscriberConnection, type TranscriberListener } from "../../talk/ports.ts";

/** What the sockets of both listening APIs have in common. */
export interface ListenSocket<Message> {
  on(event: "open", callback: () => void): void;
  on(event: "message", callback: (message: Message) => void): void;
  on(event: "close", callback: (event: { code: number; reason: string }) => void): void;
  on(event: "error", callback: (error: Error) => void): void;
  connect(): unknown;
  close(): void;
  sendMedia(audio: Uint8Array): void;
  sendCloseStream(message: { type: "CloseStream" }): void;
  readonly readyState: number;
}

const openState = 1;

export interface DeepgramConnection extends TranscriberConnection {
  /** How much audio this connection was given: the axis of the vendor's times. */
  audioSentMs(): number;
}

/**
 * Runs one SDK socket without its own reconnecting: that would restart the time axis and lose audio unseen. The end is
 * told once; the SDK tells an error in the same turn as its close, before or after it.
 */
export function runConnection<Message>(options: {
  opening: Promise<ListenSocket<Message>>;
  framesPerMessage: number;
  listener: TranscriberListener;
  onMessage: (message: Message, fail: (error: VendorError) => void) => void;
}): DeepgramConnection {
  const { listener } = options;
  let socket: ListenSocket<Message> | undefined;
  let failure: VendorError | undefined;
  let bytesSent = 0;
  let isClosing = false;
  let isOver = false;

  const over = (error: VendorError | undefined): void => {
    if (isOver) return;
    isOver = true;
    socket?.close();
    listener.onClosed(isClosing ? undefined : error);
  };
  const fail = (error: VendorError): void => {
    failure ??= error;
    over(failure);
  };
  const start = (opened: ListenSocket<Message>): void => {
    socket = opened;
    if (isClosing || isOver) return void opened.close();
    opened.on("open", () => void (isOver || listener.onOpen()));
    opened.on("message", (message) => void (isOver || options.onMessage(message, fail)));
    opened.on("error", (error) => void (failure ??= handshakeError(error)));
    opened.on("close", (event) => queueMicrotask(() => over(failure ?? closeError(event))));
    opened.connect();
  };
  options.opening.then(start, (error: unknown) => fail(new VendorError("transcriber", "connection", "the transcriber could not be reached", true, error)));

  return {
    framesPerMessage: options.framesPerMessage,
    audioSentMs: () => bytesSent / bytesPerMs,
    send(audio) {
      if (isOver || isClosing || socket?.readyState !== openState) return false;
      socket.sendMedia(audio);
      bytesSent += audio.length;
      return true;
    },
    close() {
      if (isClosing || isOver) return;
      isClosing = true;
      if (socket?.readyState === openState) socket.sendCloseStream({ type: "CloseStream" });
      over(undefined);
    },
  };
}

/** Codes after which the same connection cannot succeed: wrong key, no credit, not allowed. */
const hopelessStatus = new Set(["400", "401", "402", "403", "404"]);

function handshakeError(error: Error): VendorError {
  const status = /\b([45]\d\d)\b/.exec(error.message)?.[1];
  if (status === undefined) return new VendorError("transcriber", "connection", "the transcriber's connection failed", true, error);
  return new VendorError("transcriber", status, `the transcriber refused the connection with status ${status}`, !hopelessStatus.has(status), error);
}

/** 1008 is undecodable audio or a refused key; 1011 and abnormal ends may be tried again. */
function closeError(event: { code: number; reason: string }): VendorError {
  const retryable = event.code !== 1008 && event.code !== 1003 && event.code !== 1007;
  return new VendorError("transcriber", String(event.code), `the transcriber closed the connection with ${event.code}`, retryable);
}
