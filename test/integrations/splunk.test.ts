import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { hecEvent, SOURCETYPES } from '../../shared/sinks/webhook/formats/splunk-hec/hec-event.ts'
import {
  archived,
  detection,
  heartbeat,
  identityContext,
  responseAction,
  riskyIdentity,
} from '../support/archived-events.ts'
import { textOf } from '../support/event-forms.ts'

const FOLDER = 'integrations/splunk/TA-entra-risk-export/default'

/** A configuration of Splunk: settings by stanza. A backslash at the end continues a line. */
function stanzasOf(name: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const stanzas = new Map<string, Map<string, string>>()
  let stanza = new Map<string, string>()
  for (const line of readFileSync(`${FOLDER}/${name}`, 'utf8').replaceAll('\\\n', ' ').split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [, head] = /^\[(.+)\]$/.exec(line) ?? []
    if (head !== undefined) {
      if (stanzas.has(head)) throw new Error(`${head} stands twice`)
      stanza = new Map()
      stanzas.set(head, stanza)
      continue
    }
    const [, key = '', value = ''] = /^([\w.-]+) = (.*)$/.exec(line) ?? []
    expect(key, line).not.toBe('')
    stanza.set(key, value)
  }
  return stanzas
}

/** What a search finds in each source type: indexed fields, and members of the event. */
const found = new Map(
  [
    detection('a', { identity: { type: 'agent', id: 'i', displayName: 'd', appId: 'a' } }),
    riskyIdentity('b', { identity: { type: 'agent', id: 'i', displayName: 'd', appId: 'a' } }),
    identityContext('c'),
    responseAction('d'),
    heartbeat('e'),
  ].map((event) => {
    const {
      sourcetype,
      fields,
      event: json,
    } = JSON.parse(textOf(hecEvent({ splunkIndex: undefined, splunkTime: 'arrival' }), archived(event)))
    const members = (value: unknown, path: string): readonly string[] => {
      if (Array.isArray(value)) return value.flatMap((one) => members(one, `${path}{}`))
      if (typeof value !== 'object' || value === null) return [path]
      return Object.entries(value).flatMap(([name, inner]) =>
        members(inner, path === '' ? name : `${path}.${name}`),
      )
    }
    return [sourcetype as string, new Set([...Object.keys(fields), ...members(json, '')])] as const
  }),
)
const props = stanzasOf('props.conf')
const searches = stanzasOf('savedsearches.conf')

/** Fields that the add-on makes in a source type, and those that it makes them of. */
function madeIn(sourcetype: string) {
  const made = new Set<string>()
  const from = new Set<string>()
  for (const [key, value] of props.get(sourcetype) ?? []) {
    if (key.startsWith('FIELDALIAS-'))
      for (const [, source = '', name = ''] of value.matchAll(/"?([\w.{}]+)"? ASNEW (\w+)/g)) {
        from.add(source)
        made.add(name)
      }
    if (key.startsWith('EVAL-')) {
      made.add(key.slice('EVAL-'.length))
      for (const [, source = ''] of value.matchAll(/'([\w.]+)'/g)) from.add(source)
    }
  }
  return { made, from }
}

describe('the add-on for Splunk', () => {
  test('has the files that an add-on needs', () => {
    expect(readdirSync(FOLDER)).toEqual(
      expect.arrayContaining([
        'app.conf',
        'eventtypes.conf',
        'props.conf',
        'savedsearches.conf',
        'tags.conf',
      ]),
    )
  })

  test('knows every source type that the encoder writes, and no other', () => {
    expect([...props.keys()].toSorted()).toEqual(SOURCETYPES.toSorted())
    expect([...found.keys()].toSorted()).toEqual(SOURCETYPES.toSorted())
  })

  test.each(SOURCETYPES)('makes fields of %s only of what is in its events', (sourcetype) => {
    const { made, from } = madeIn(sourcetype)
    expect(made.size).toBeGreaterThan(0)
    expect([...from].filter((field) => !found.get(sourcetype)?.has(field))).toEqual([])
  })

  test('gives detections every field of the data model Alerts', () => {
    // https://docs.splunk.com/Documentation/CIM/latest/User/Alerts
    const model = ['app', 'description', 'dest', 'id', 'mitre_technique_id', 'severity', 'signature']
    const further = ['signature_id', 'src', 'type', 'user', 'user_name', 'vendor_account']
    const has = new Set([
      ...(found.get('entra_risk:detection') ?? []),
      ...madeIn('entra_risk:detection').made,
    ])
    for (const field of [...model, ...further]) expect(has, field).toContain(field)
    const [alert] = [...stanzasOf('tags.conf')].find(([, tags]) => tags.get('alert') === 'enabled') ?? []
    const eventtype = stanzasOf('eventtypes.conf').get(alert?.replace('eventtype=', '') ?? '')
    expect(eventtype?.get('search')).toBe('sourcetype=entra_risk:detection')
  })

  test('names in event types and searches only source types that there are', () => {
    const texts = [...stanzasOf('eventtypes.conf').values(), ...searches.values()].map(
      (s) => s.get('search') ?? '',
    )
    for (const text of texts) {
      const named = [...text.matchAll(/sourcetype=(\S+)/g)].map(([, sourcetype]) => sourcetype)
      expect(named.length).toBeGreaterThan(0)
      for (const sourcetype of named) expect(SOURCETYPES).toContain(sourcetype)
    }
  })
})

const OF_SPLUNK = new Set(['_time', '_indextime', 'last'])

describe.each([...searches])('the search %s', (_, settings) => {
  const search = settings.get('search') ?? ''
  const [, sourcetype = ''] = /sourcetype=(\S+)/.exec(search) ?? []

  test('uses fields that its events have, or that it makes itself', () => {
    const own = [...search.matchAll(/(?:eval |, )(\w+)=/g)].map(([, name]) => name)
    const table = /\| table (.+?)(?: \||$)/.exec(search)?.[1]?.split(', ') ?? []
    const compared = [...search.matchAll(/\b([\w.]+)(?:=| IN )/g)].map(([, name = '']) => name)
    const dedup = [...search.matchAll(/dedup ([\w.]+)(?: sortby -(\w+))?/g)].flatMap(([, ...names]) => names)
    const quoted = [...search.matchAll(/'([\w.]+)'/g)].map(([, name = '']) => name)
    const known = new Set([
      ...(found.get(sourcetype) ?? []),
      ...madeIn(sourcetype).made,
      ...own,
      ...OF_SPLUNK,
    ])
    const used = [...table, ...compared, ...dedup, ...quoted].filter(
      (name): name is string => name !== undefined && !/^(?:index|sourcetype|_index_\w+)$/.test(name),
    )
    expect(used.filter((name) => !known.has(name.trim()))).toEqual([])
  })

  test('is off until it is switched on', () => expect(settings.get('enableSched')).toBe('0'))

  test('counts each event once, and by arrival where it alerts', () => {
    if (sourcetype === 'entra_risk:heartbeat') return
    expect(search).toMatch(/\| dedup (?:eventId|identity\.id sortby -sequence)/)
    const isByArrival = search.includes('_index_earliest=-15m@m _index_latest=@m')
    expect(isByArrival).toBe(settings.has('cron_schedule'))
  })
})
