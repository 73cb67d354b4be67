import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface CutOffProxy {
  port: number;
  /** pass: bytes flow. blackhole: connections stay open and are taken, nothing flows either way. refuse: connections are reset. */
  set(mode: "pass" | "blackhole" | "refuse"): void;
  /** Resets every connection there is. */
  resetAll(): void;
  close(): Promise<void>;
}

/** A TCP hop in front of a server that a test can cut off as a network does. */
export async function cutOffProxy(targetPort: number): Promise<CutOffProxy> {
  let mode: "pass" | "blackhole" | "refuse" = "pass";
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    return socket;
  };
  const server = createServer((near) => {
    keep(near);
    if (mode === "refuse") {
      near.resetAndDestroy();
      return;
    }
    const far = keep(connect(targetPort, "127.0.0.1"));
    const forward = (from: Socket, to: Socket): void => {
      from.on("data", (bytes) => void (mode === "pass" && to.write(bytes)));
      from.on("close", () => mode !== "blackhole" && to.destroy());
    };
    forward(near, far);
    forward(far, near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("expected a port");
  const resetAll = (): void => sockets.forEach((socket) => void socket.resetAndDestroy());
  return {
    port: address.port,
    set(next) {
      mode = next;
      if (next === "refuse") resetAll();
    },
    resetAll,
    async close() {
      resetAll();
      server.close();
      await once(server, "close");
    },
  };
}
