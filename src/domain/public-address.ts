import ipaddr from "ipaddr.js";

/** Ranges that ipaddr.js takes for ordinary addresses and that lead nowhere public all the same (RFC 6890, RFC 9637). */
const furtherRanges = [ipaddr.parseCIDR("3fff::/20"), ipaddr.parseCIDR("192.88.99.0/24"), ipaddr.parseCIDR("64:ff9b::/96"), ipaddr.parseCIDR("2002::/16")];

/**
 * Whether an IP address is one of the public internet: not loopback, private, link-local, shared, documentation, benchmark,
 * multicast or reserved, and not a form that hides another address (IPv4-mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(address: string): boolean {
  if (!isAddress(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast") return false;
  return !furtherRanges.some(([range, bits]) => parsed.kind() === range.kind() && parsed.match(range, bits));
}

/** Whether a text is an IP address, written in full. */
export function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}
