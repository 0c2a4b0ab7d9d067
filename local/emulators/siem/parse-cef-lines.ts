import type { ReadEvents } from './siem-form.ts'

/** Seven headers between bars that no backslash escapes, then the extension. */
const LINE = /^CEF:\d+\|(?:(?:[^|\\]|\\[|\\])*\|){6}(.*)$/s
/** A key, and its value up to the next key; an equals sign in a value has a backslash. */
const PAIR = /(?:^| )(\w+)=((?:\\.|[^\\=])*)(?= \w+=|$)/gs

/** Parses lines of the Common Event Format; all or nothing. */
export function parseCefLines(body: Buffer): ReadEvents {
  const lines = body.toString().replace(/\n$/, '').split('\n')
  const events = lines.flatMap((line) => {
    const pairs = (LINE.exec(line)?.[1] ?? '').matchAll(PAIR)
    const event = Object.fromEntries(
      [...pairs].map(([, key = '', value = '']) => [key, value.replace(/\\(.)/g, '$1')]),
    )
    return event['externalId'] === undefined ? [] : [event]
  })
  if (events.length === lines.length)
    return { ids: events.map(({ externalId = '' }) => externalId), events, refusal: undefined }
  const reason = 'a line is no CEF with an externalId'
  return { ids: [], events: [], refusal: { status: 400, body: reason, reason } }
}
