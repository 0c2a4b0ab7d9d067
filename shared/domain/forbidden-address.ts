import { BlockList, isIP } from 'node:net'

const forbidden4 = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carrier-grade NAT
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // Azure platform: DNS, health probes, VM agent
  ['169.254.0.0', 16], // link-local, including instance metadata and managed identity
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
] as const) {
  forbidden4.addSubnet(network, prefix, 'ipv4')
}

// Two lists: in one, Node would also match IPv4 addresses, as ::ffff:0:0/96, against IPv6 networks.
const forbidden6 = new BlockList()
for (const [network, prefix] of [
  // Everything outside 2000::/3: unspecified, loopback, IPv4-mapped and -translated, NAT64,
  // discard, unique local, link-local, multicast.
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23], // protocol assignments: Teredo, benchmarks, ORCHID
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4: embeds an IPv4 address
  ['3fff::', 20], // documentation
] as const) {
  forbidden6.addSubnet(network, prefix, 'ipv6')
}

/**
 * Whether a public receiver cannot have this address: private, shared, loopback, link-local,
 * multicast, reserved, IPv4 embedded in IPv6, with a zone, or not an IP address.
 * https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry
 */
export function isForbiddenAddress(address: string): boolean {
  switch (address.includes('%') ? 0 : isIP(address)) {
    case 4:
      return forbidden4.check(address, 'ipv4')
    case 6:
      return forbidden6.check(address, 'ipv6')
    default:
      return true
  }
}
