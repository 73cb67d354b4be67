import { generateKeyPairSync, sign } from "node:crypto";

/** A certificate for this machine's loopback address, signed by itself, and its key. */
export interface SelfSignedCertificate {
  certificatePem: string;
  keyPem: string;
}

const oid = {
  commonName: [0x55, 0x04, 0x03],
  subjectAltName: [0x55, 0x1d, 0x11],
  basicConstraints: [0x55, 0x1d, 0x13],
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
} as const;
const name = "phone world";
/** Clients check against the machine's own time, whatever the simulated clock says: valid as long as the format allows. */
const validFrom = "200101000000Z";
const validTo = "491231235959Z";

/**
 * Makes a P-256 certificate for 127.0.0.1 and localhost (X.509 v3, RFC 5280). The client takes it as its own authority:
 * pass it as `ca`.
 */
export function selfSignedCertificate(): SelfSignedCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = der(0x30, der(0x06, oid.ecdsaWithSha256));
  const subject = der(0x30, der(0x31, der(0x30, der(0x06, oid.commonName), der(0x0c, Buffer.from(name)))));
  const body = der(
    0x30,
    der(0xa0, der(0x02, [2])),
    der(0x02, [1]),
    algorithm,
    subject,
    der(0x30, der(0x17, Buffer.from(validFrom)), der(0x17, Buffer.from(validTo))),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der(0x30, extension(oid.basicConstraints, der(0x30, der(0x01, [0xff]))), extension(oid.subjectAltName, der(0x30, der(0x82, Buffer.from("localhost")), der(0x87, [127, 0, 0, 1]))))),
  );
  const signature = sign("sha256", body, privateKey);
  const certificate = der(0x30, body, algorithm, der(0x03, [0], signature));
  return {
    certificatePem: `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64").replace(/(.{64})/g, "$1\n")}\n-----END CERTIFICATE-----\n`,
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** One DER value: tag, length, contents. */
function der(tag: number, ...contents: readonly (Buffer | readonly number[])[]): Buffer {
  const content = Buffer.concat(contents.map((part) => Buffer.from(part)));
  const { length } = content;
  const lengthBytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...lengthBytes]), content]);
}

function extension(id: readonly number[], value: Buffer): Buffer {
  return der(0x30, der(0x06, id), der(0x04, value));
}
