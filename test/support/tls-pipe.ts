import { type AddressInfo, connect, type Socket } from "node:net";
import { createServer } from "node:tls";
import { onTestFinished } from "vitest";
import { selfSignedCertificate } from "../../src/simulator/services/realtime/self-signed-certificate.ts";

/** A TLS door in front of a plain server of this machine, for clients that insist on it; gone with the test. */
export async function tlsPipe(origin: string): Promise<{ origin: string; certificatePem: string }> {
  const { certificatePem, keyPem } = selfSignedCertificate();
  const port = Number(new URL(origin).port);
  const live = new Set<Socket>();
  const server = createServer({ cert: certificatePem, key: keyPem, ALPNProtocols: ["http/1.1"] }, (socket) => {
    const behind = connect(port, "127.0.0.1");
    socket.pipe(behind).pipe(socket);
    for (const [end, other] of [[socket, behind], [behind, socket]] as const) {
      live.add(end);
      end.on("error", () => other.destroy());
      end.on("close", () => {
        live.delete(end);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of live) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return { origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, certificatePem };
}
