import { expect, test } from "vitest";
import { readWebhookUrl } from "../../../src/report/webhooks/webhook-url.ts";

const strict = { allowLoopback: false };

const hostile = [
  ...["http://example.com/", "ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "//example.com", "example.com", ""],
  ...["https://user:pw@example.com/", "https://user@example.com/", "https://example.com@127.0.0.1/", "https://127.0.0.1\\@example.com/"],
  ...["https://example.com:22/", "https://example.com:6379/", "https://example.com:80/", "https://example.com:8080/"],
  ...["https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://foo.localhost/", "https://metadata/", "https://intranet/"],
  ...["https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://0/"],
  ...["https://10.0.0.1/", "https://192.168.1.1/", "https://169.254.169.254/latest/", "https://172.16.0.1/", "https://100.64.0.1/"],
  ...["https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[fd00::1]/", "https://[fe80::1]/"],
  ...["https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://127.0.0.1./", "https://①②⑦.⓪.⓪.①/", "https://１２７.0.0.1/"],
  `https://example.com/${"a".repeat(2_000)}`,
];

test.each(hostile)("R2.6: %s is refused as an endpoint", (text) => {
  expect(() => readWebhookUrl(text, strict)).toThrow(expect.objectContaining({ status: 422, code: "webhook_url_not_allowed" }));
});

test.each(["https://example.com/hooks?x=1", "https://example.com:443/", "https://example.com:8443/a", "https://bücher.example/", "https://93.184.216.34/"])(
  "%s is accepted",
  (text) => {
    expect(readWebhookUrl(text, strict).protocol).toBe("https:");
  },
);

test("loopback is accepted only where trials are allowed, and even there nothing else that is private", () => {
  const trials = { allowLoopback: true };
  expect(readWebhookUrl("http://127.0.0.1:4010/hook", trials).port).toBe("4010");
  expect(readWebhookUrl("http://localhost:4010/hook", trials).port).toBe("4010");
  for (const text of ["http://10.0.0.1/", "https://10.0.0.1/", "http://example.com/", "https://169.254.169.254/"]) {
    expect(() => readWebhookUrl(text, trials)).toThrow();
  }
});
