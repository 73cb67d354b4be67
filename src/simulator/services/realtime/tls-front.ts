import type { Server as HttpServer } from "node:http";
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { SelfSignedCertificate } from "./self-signed-certificate.ts";

const tlsHandshakeByte = 0x16;

/** One TCP port in front of an http server. */
export interface TlsFront {
  /** Begins to listen; answers the port. */
  listen(port: number, host: string): Promise<number>;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/**
 * One port for http and https: a connection whose first byte begins a TLS handshake is decrypted, any other is taken as
 * it is, and both are handed to the same http server. The OpenAI SDK insists on `wss:` for Realtime even when its base
 * URL is `http:` and this lets one origin serve every vendor.
 */
export function tlsFront(server: HttpServer, { certificatePem, keyPem }: SelfSignedCertificate): TlsFront {
  const live = new Set<Socket>();
  const tls = createTlsServer({ cert: certificatePem, key: keyPem, ALPNProtocols: ["http/1.1"] }, (socket) => server.emit("connection", socket));
  tls.on("tlsClientError", (_, socket) => void socket.destroy());
  const front = createServer((socket) => {
    live.add(socket);
    socket.once("close", () => live.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.once("readable", () => handOver(socket, server, tls));
  });
  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        front.once("error", reject);
        front.listen(port, host, () => {
          front.removeListener("error", reject);
          resolve((front.address() as AddressInfo).port);
        });
      }),
    close() {
      const closed = new Promise<void>((resolve) => front.close(() => resolve()));
      for (const socket of live) socket.destroy();
      return closed;
    },
  };
}

function handOver(socket: Socket, server: HttpServer, tls: NetServer): void {
  const first: unknown = socket.read();
  if (!(first instanceof Buffer)) return void socket.destroy();
  socket.unshift(first);
  (first[0] === tlsHandshakeByte ? tls : server).emit("connection", socket);
}
