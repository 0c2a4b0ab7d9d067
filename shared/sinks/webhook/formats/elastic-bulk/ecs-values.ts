import { isIP } from 'node:net'
import { slotOf } from '../../../../domain/event-fields.ts'
import type { ArchivedEvent } from '../../../../domain/exported-event.ts'
import { isJsonObject, type Json } from '../../../../encoding/json.ts'
import { quoted } from '../../../../encoding/quoted.ts'
import { parseText } from '../../../../encoding/written-json.ts'
import { fieldText } from '../../mapped-field.ts'

// Values that ECS types more narrowly than the model: a value of another type would cost the
// document. Whole, they are in `entra_risk`.

const IDENTITY_ID = slotOf('identity.id')
const RESPONSE = slotOf('response')

/**
 * As Elastic's own rules count: https://www.elastic.co/docs/solutions/security/detect-and-alert.
 * `hidden` and unknown levels have none: what the licence does not show is neither low nor none.
 */
const SEVERITIES: ReadonlyMap<string, number> = new Map([
  ['none', 0],
  ['low', 21],
  ['medium', 47],
  ['high', 73],
])

export const severity = fieldText('risk.level', (level) => {
  const number = SEVERITIES.get(parseText(level))
  return number === undefined ? '' : `,"severity":${number}`
})

const TECHNIQUE = /^T\d{4}$/
const SUB_TECHNIQUE = /^T\d{4}\.\d{3}$/

/** A JSON list's texts; none if it is something else. */
function parseTexts(json: string): readonly string[] {
  const value: Json = JSON.parse(json)
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

/** Sub-techniques stand beside the techniques that they belong to. */
export const threat = fieldText('attack.techniques', (json) => {
  const given = parseTexts(json)
  const subs = given.filter((id) => SUB_TECHNIQUE.test(id))
  const techniques = new Set([
    ...given.filter((id) => TECHNIQUE.test(id)),
    ...subs.map((id) => id.slice(0, id.indexOf('.'))),
  ])
  if (techniques.size === 0) return ''
  const sub = subs.length === 0 ? '' : `,"subtechnique":{"id":${JSON.stringify(subs)}}`
  return `,"threat":{"framework":"MITRE ATT&CK","technique":{"id":${JSON.stringify([...techniques])}${sub}}}`
})

const textOr = (value: Json | undefined, member: string): string =>
  typeof value === 'string' && value !== '' ? `,"${member}":${quoted(value)}` : ''

const isBetween = (value: Json | undefined, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most

function pointOf(place: Json | undefined): string {
  const { latitude, longitude } = isJsonObject(place) ? place : {}
  return isBetween(latitude, -90, 90) && isBetween(longitude, -180, 180)
    ? `,"location":{"lat":${latitude},"lon":${longitude}}`
    : ''
}

/** Microsoft sends a country as a code of two letters, or as a name. */
function parseGeo(json: string): string {
  const location: Json = JSON.parse(json)
  if (!isJsonObject(location)) return ''
  const { city, state, countryOrRegion: country, geoCoordinates } = location
  const isCode = typeof country === 'string' && /^[A-Z]{2}$/.test(country)
  const members = [
    textOr(city, 'city_name'),
    textOr(state, 'region_name'),
    textOr(country, isCode ? 'country_iso_code' : 'country_name'),
    pointOf(geoCoordinates),
  ].join('')
  return members === '' ? '' : `,"geo":{${members.slice(1)}}`
}

const addressed = fieldText(
  'ipAddress',
  (json) => `,"address":${json}${isIP(parseText(json)) === 0 ? '' : `,"ip":${json}`}`,
)
const located = fieldText('location', parseGeo)

export function source(archived: ArchivedEvent): string {
  const members = addressed(archived) + located(archived)
  return members === '' ? '' : `,"source":{${members.slice(1)}}`
}

const addresses = fieldText('ipAddress', (json) => (isIP(parseText(json)) === 0 ? '' : `"ip":[${json}]`))

/** Second in its object, or first where there is no id. */
export function relatedAddress(archived: ArchivedEvent): string {
  const member = addresses(archived)
  return member !== '' && archived.event.fields.has(IDENTITY_ID) ? `,${member}` : member
}

const OUTCOMES: ReadonlyMap<Json | undefined, string> = new Map([
  ['done', 'success'],
  ['failed', 'failure'],
])

/** What an operator did, and whether it worked. */
export function response({ event: { fields } }: ArchivedEvent): string {
  const given = fields.parse(RESPONSE)
  if (!isJsonObject(given)) return ''
  const { action, result } = given
  return `${textOr(action, 'action')},"outcome":"${OUTCOMES.get(result) ?? 'unknown'}"`
}
