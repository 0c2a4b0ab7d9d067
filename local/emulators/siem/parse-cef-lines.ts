import type { ReadEvents } from './siem-form.ts'

/** Seven headers between bars that no backslash escapes, then the extension. */
const LINE = /^CEF:\d+\|(?:(?:[^|\\]|\\[|\\])*\|){6}(.*)$/
const ID = /(?:^| )externalId=(\S+)/

/** Parses lines of the Common Event Format; all or nothing. */
export function parseCefLines(body: Buffer): ReadEvents {
  const lines = body.toString().replace(/\n$/, '').split('\n')
  const events = lines.flatMap((line) => {
    const extension = LINE.exec(line)?.[1]
    const id = ID.exec(extension ?? '')?.[1]
    return id === undefined ? [] : [{ id, line }]
  })
  if (events.length === lines.length) return { ids: events.map(({ id }) => id), events, refusal: undefined }
  const reason = 'a line is no CEF with an externalId'
  return { ids: [], events: [], refusal: { status: 400, body: reason, reason } }
}
