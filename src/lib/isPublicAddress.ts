import { BlockList, isIP } from 'node:net'

/** From the IANA registry of special-purpose IPv4 addresses, and one that a cloud serves its machines at. */
const specialV4 = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // behind a provider's NAT
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // Azure's inner service, on a public-looking address
  ['169.254.0.0', 16], // link-local, and the metadata service of most clouds
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
] as const

/** All of IPv6 that leads outside: global unicast, and the two prefixes that only carry an IPv4 address. */
const outsideV6 = [
  ['2000::', 3],
  ['64:ff9b::', 96],
  ['::ffff:0:0', 96],
] as const

const specialV6 = [
  ['2001::', 23], // protocol assignments, among them Teredo
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4: carries an IPv4 address, and nobody uses it any more
  ['3fff::', 20], // documentation
] as const

const special = new BlockList()
const outside = new BlockList()
for (const [net, prefix] of specialV4) {
  special.addSubnet(net, prefix, 'ipv4')
  special.addSubnet(`::ffff:${net}`, 96 + prefix, 'ipv6')
  special.addSubnet(`64:ff9b::${net}`, 96 + prefix, 'ipv6')
}
for (const [net, prefix] of specialV6) special.addSubnet(net, prefix, 'ipv6')
for (const [net, prefix] of outsideV6) outside.addSubnet(net, prefix, 'ipv6')

/** Whether an IP address (no name, no brackets) leads to the public internet rather than to us or our neighbours. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !special.check(address, 'ipv4')
  // An address with a zone (`fe80::1%eth0`) is local by definition.
  if (family === 6 && !address.includes('%')) return outside.check(address, 'ipv6') && !special.check(address, 'ipv6')
  return false
}
