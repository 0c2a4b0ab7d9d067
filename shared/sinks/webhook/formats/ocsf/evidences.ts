import { isIP } from 'node:net'
import { slotOf } from '../../../../domain/event-fields.ts'
import type { FormPart } from '../../../../domain/form.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../../encoding/json.ts'
import { quoted } from '../../../../encoding/quoted.ts'
import { parseText } from '../../../../encoding/written-json.ts'
import { fieldText, type MadePart, made } from '../../mapped-field.ts'
import { identityUid, withIdentityUid } from './common-parts.ts'

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

const address = fieldText(
  'ipAddress',
  (json) => `"src_endpoint":{"${isAddress(parseText(json)) ? 'ip' : 'name'}":${json}`,
)

const location: MadePart = made('location', (value) => (isJsonObject(value) ? place(value) : ''))

const credentials: MadePart = made('keyIds', (keyIds) =>
  textsOf(keyIds)
    .map((keyId) => `{"uid":${quoted(keyId)}}`)
    .join(','),
)

/** The address of the activity, and the credentials concerned. */
export const evidences: MadePart = (archived) => {
  const { fields } = archived.event
  const hasAddress = fields.has(IP_ADDRESS)
  const hasKeys = fields.has(KEY_IDS) && fields.end(KEY_IDS) - fields.start(KEY_IDS) > EMPTY_LIST_BYTES
  if (!hasAddress && !hasKeys) return ''
  const endpoint = hasAddress ? `${address(archived)}${location(archived)}}${hasKeys ? ',' : ''}` : ''
  const user = hasKeys
    ? `"user":{"uid":${identityUid(archived)},"type_id":4,"type":"Service","programmatic_credentials":[${credentials(archived)}]}`
    : ''
  return `,"evidences":[{${endpoint}${user}}]`
}

/** What a search starts from. */
export const observables: readonly FormPart[] = [
  ...withIdentityUid(',"observables":[{"name":"resources[].uid","type_id":10,"type":"Resource UID","value":'),
  '}',
  fieldText('ipAddress', (json) =>
    isAddress(parseText(json))
      ? `,{"name":"evidences[].src_endpoint.ip","type_id":2,"type":"IP Address","value":${json}}`
      : '',
  ),
  ']',
]
