import type { ExportedEvent } from '../../domain/exported-event.ts'
import type { Heartbeat } from '../../domain/heartbeat.ts'
import type { RiskDetection, RiskEvent } from '../../domain/risk-event.ts'
import { type Marks, markedJson } from './redact.ts'

/** A shorter form of an event, and the fields emptied, shortened or removed for it. */
interface Cut<E extends ExportedEvent = ExportedEvent> {
  readonly fields: readonly string[]
  readonly form: E
}

/** Longer texts are cut to what an analyst reads; all of them together fit the smallest request. */
const MAX_TEXT = 500
const SHOWN_OF_TEXT = 200
const MAX_LIST_CHARACTERS = 10_000

/** The beginning of a text, with a mark; splits no surrogate pair. */
const shortened = (text: string): string => `${text.slice(0, SHOWN_OF_TEXT).replace(/[\uD800-\uDBFF]$/, '')}…`

/** These fields, with long texts shortened. */
function withShortTexts<T extends object>(
  of: T,
  names: readonly (keyof T & string)[],
  path = '',
): [T, string[]] {
  let form = of
  const fields: string[] = []
  for (const name of names) {
    const text = of[name]
    if (typeof text !== 'string' || text.length <= MAX_TEXT) continue
    form = { ...form, [name]: shortened(text) }
    fields.push(path + name)
  }
  return [form, fields]
}

/** Removes these fields if long: half an id would be another id. */
function withoutLong<T extends object>(
  of: T,
  names: readonly (keyof T & string)[],
  path = '',
): [T, string[]] {
  const long = names.filter((name) => {
    const value = of[name]
    return typeof value === 'string'
      ? value.length > MAX_TEXT
      : value !== undefined && JSON.stringify(value).length > MAX_LIST_CHARACTERS
  })
  const kept = Object.fromEntries(Object.entries(of).filter(([name]) => !long.some((one) => one === name)))
  return [long.length === 0 ? of : (kept as T), long.map((name) => path + name)]
}

/** Shortens what any event about an identity may hold too much of; the ids stay. */
function shortRisk<E extends Exclude<ExportedEvent, Heartbeat>>(event: E): Cut<E> {
  const [named, inNames] = withShortTexts(
    event.identity,
    ['displayName', 'userPrincipalName', 'subtype'],
    'identity.',
  )
  const [identity, ids] = withoutLong(named, ['appId', 'blueprintId'], 'identity.')
  const [risk, inRisk] = withShortTexts(event.risk, ['level', 'state', 'detail', 'eventType'], 'risk.')
  return { fields: [...inNames, ...ids, ...inRisk], form: { ...event, identity, risk } }
}

function shortDetection(event: RiskDetection): Cut<RiskDetection> {
  const { fields, form } = shortRisk(event)
  const texts = ['source', 'timingType', 'activity', 'tokenIssuerType', 'ipAddress'] as const
  const [short, cut] = withShortTexts(form, texts)
  const ids = [
    'requestId',
    'correlationId',
    'signInRequestId',
    'signInCorrelationId',
    'clientSessionId',
  ] as const
  const [rest, gone] = withoutLong(short, [...ids, 'attack'])
  const listed = JSON.stringify(rest.keyIds).length > MAX_LIST_CHARACTERS
  return {
    fields: [...fields, ...cut, ...gone, ...(listed ? ['keyIds'] : [])],
    form: listed ? { ...rest, keyIds: [] } : rest,
  }
}

/**
 * Ever shorter forms of an event, least useful parts cut first. Forms that cut nothing are skipped.
 */
function* cuts(event: ExportedEvent): Generator<Cut> {
  if (event.kind === 'heartbeat') {
    yield { fields: ['health'], form: { ...event, health: {} } }
    return
  }
  if (event.kind === 'identityContext') {
    const form = { ...event, context: {} }
    yield { fields: ['context'], form }
    yield shortRisk(form)
    return
  }
  if (event.kind === 'responseAction') {
    const form = { ...event, response: {} }
    yield { fields: ['response'], form }
    yield shortRisk(form)
    return
  }
  let form: RiskEvent = event
  if (Object.keys(form.extra).length > 0) {
    form = { ...form, extra: {} }
    yield { fields: ['extra'], form }
  }
  if (form.kind === 'riskyIdentity') {
    yield shortRisk(form)
    return
  }
  if (form.additionalInfo.length > 0) {
    form = { ...form, additionalInfo: [] }
    yield { fields: ['additionalInfo'], form }
  }
  for (const name of ['location', 'evidence'] as const) {
    const { [name]: value, ...rest } = form
    if (value === undefined) continue
    form = rest
    yield { fields: [name], form }
  }
  yield shortDetection(form)
}

/** A shorter event, and its JSON with the mark. */
export interface CutForm {
  readonly form: ExportedEvent
  readonly json: Buffer
}

/**
 * The forms of an event too large for a request, each with more left out. The mark `"cut"`, last in
 * the JSON, names the fields emptied, shortened (these end in `…`) or removed; the archive has
 * them. Ids of the event and its identity are never cut: if those alone are too large, no form
 * fits.
 */
export function* cutForms(event: ExportedEvent, marks: Marks): Generator<CutForm> {
  const gone: string[] = []
  for (const { fields, form } of cuts(event)) {
    if (fields.length === 0) continue
    gone.push(...fields)
    const marked = { ...form, ...marks, cut: [...gone] }
    yield { form: marked, json: markedJson(form, { ...marks, cut: gone }) }
  }
}
