import { BlockList, isIP } from 'node:net'
import type { Json } from '../../../../../shared/encoding/json.ts'
import { type Scalar, scalar } from '../model.ts'
import type { Builder, Functions } from './signature.ts'
import { strict } from './signature.ts'

const familyOf = (version: 4 | 6): 'ipv4' | 'ipv6' => (version === 4 ? 'ipv4' : 'ipv6')

/** Whether an address is in a range; null where either is none of this version. */
const isInRange = (version: 4 | 6, address: string, range: Json): boolean | null => {
  const [network = '', bits = version === 4 ? '32' : '128'] =
    typeof range === 'string' ? range.split('/') : []
  if (isIP(address) !== version || isIP(network) !== version) return null
  const list = new BlockList()
  list.addSubnet(network, Number(bits), familyOf(version))
  return list.check(address, familyOf(version))
}

/** Ranges as texts, or as one array of texts. */
const isInAnyRange =
  (version: 4 | 6): Builder =>
  (given) => {
    const [address, ...ranges] = given
    if (address?.type !== 'string' || ranges.length === 0) return undefined
    return scalar('bool', (row, place) => {
      const text = address.at(row, place) as string
      const found = ranges
        .flatMap((range: Scalar) => range.at(row, place))
        .map((range) => isInRange(version, text, range))
      if (found.includes(true)) return true
      return found.includes(null) ? null : false
    })
  }

const ADDRESS = /(?<![0-9A-Za-z.])(?:\d{1,3}\.){3}\d{1,3}(?![0-9A-Za-z.])/g

/** Whether a text has an address that begins with one of several prefixes, each whole or ending in a dot. */
const hasAnyPrefix: Builder = strict(['string', 'dynamic'], 'bool', (text, prefixes) => {
  const addresses = text.match(ADDRESS) ?? []
  return [prefixes]
    .flat()
    .some(
      (prefix) =>
        typeof prefix === 'string' &&
        addresses.some((address) => (prefix.endsWith('.') ? address.startsWith(prefix) : address === prefix)),
    )
})

/** https://learn.microsoft.com/kusto/query/scalar-functions#ipv4ipv6-functions */
export const ADDRESS_FUNCTIONS: Functions = {
  ipv4_is_in_range: strict(['string', 'string'], 'bool', (address, range) => isInRange(4, address, range)),
  ipv6_is_in_range: strict(['string', 'string'], 'bool', (address, range) => isInRange(6, address, range)),
  ipv4_is_in_any_range: isInAnyRange(4),
  ipv6_is_in_any_range: isInAnyRange(6),
  has_any_ipv4_prefix: hasAnyPrefix,
  parse_url: strict(['string'], 'dynamic', (text): Json => {
    if (!URL.canParse(text)) return null
    const url = new URL(text)
    return {
      Scheme: url.protocol.slice(0, -1),
      Host: url.hostname,
      Port: url.port,
      Path: url.pathname,
      Username: url.username,
      Password: url.password,
      'Query Parameters': Object.fromEntries(url.searchParams),
      Fragment: url.hash.slice(1),
    }
  }),
}
