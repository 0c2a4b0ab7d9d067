import { isIP } from 'node:net'
import { type EventFields, slotOf } from '../../../../domain/event-fields.ts'
import { BytesMemo } from '../../../../encoding/bytes-memo.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../../encoding/json.ts'
import { quoted } from '../../../../encoding/quoted.ts'
import { parseText } from '../../../../encoding/written-json.ts'
import { type MadePart, made } from '../../mapped-field.ts'
import { identityUid } from './common-parts.ts'

export const textsOf = (value: Json): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []

/** The lengths that the schema allows. */
const MAX_ADDRESS = 40

const isAddress = (text: string): boolean => isIP(text) !== 0 && text.length <= MAX_ADDRESS

const member = (name: string, value: Json | undefined, type: 'string' | 'number'): string =>
  typeof value === type ? `,"${name}":${JSON.stringify(value)}` : ''

/** The schema wants a city, region or country. */
function place(location: JsonObject): string {
  const named = [
    member('city', location['city'], 'string'),
    member('region', location['state'], 'string'),
    member('country', location['countryOrRegion'], 'string'),
  ].join('')
  if (named === '') return ''
  const { geoCoordinates: at } = location
  const coordinates =
    isJsonObject(at) && typeof at['latitude'] === 'number' && typeof at['longitude'] === 'number'
      ? `${member('lat', at['latitude'], 'number')}${member('long', at['longitude'], 'number')}`
      : ''
  return `,"location":{${`${named}${coordinates}`.slice(1)}}`
}

const IP_ADDRESS = slotOf('ipAddress')
const KEY_IDS = slotOf('keyIds')
/** Length of `[]`. */
const EMPTY_LIST_BYTES = 2

const addressKinds = new BytesMemo((json) => (isAddress(parseText(json)) ? 'ip' : 'name'))

const addressKind = (fields: EventFields): 'ip' | 'name' | undefined =>
  fields.has(IP_ADDRESS)
    ? addressKinds.of(fields.memory.bytes, fields.start(IP_ADDRESS), fields.end(IP_ADDRESS))
    : undefined

const location: MadePart = made('location', (value) => (isJsonObject(value) ? place(value) : ''))

const credentials: MadePart = made('keyIds', (keyIds) =>
  textsOf(keyIds)
    .map((keyId) => `{"uid":${quoted(keyId)}}`)
    .join(','),
)

/** The address of the activity, and the credentials concerned. */
export const evidences: MadePart = (archived) => {
  const { fields } = archived.event
  const kind = addressKind(fields)
  const hasKeys = fields.has(KEY_IDS) && fields.end(KEY_IDS) - fields.start(KEY_IDS) > EMPTY_LIST_BYTES
  if (kind === undefined && !hasKeys) return ''
  const endpoint =
    kind === undefined
      ? ''
      : `"src_endpoint":{"${kind}":${fields.bytes(IP_ADDRESS)}${location(archived)}}${hasKeys ? ',' : ''}`
  const user = hasKeys
    ? `"user":{"uid":${identityUid(archived)},"type_id":4,"type":"Service","programmatic_credentials":[${credentials(archived)}]}`
    : ''
  return `,"evidences":[{${endpoint}${user}}]`
}

/** What a search starts from. */
export const observables: MadePart = (archived) => {
  const { fields } = archived.event
  const ip =
    addressKind(fields) === 'ip'
      ? `,{"name":"evidences[].src_endpoint.ip","type_id":2,"type":"IP Address","value":${fields.bytes(IP_ADDRESS)}}`
      : ''
  return `,"observables":[{"name":"resources[].uid","type_id":10,"type":"Resource UID","value":${identityUid(archived)}}${ip}]`
}
