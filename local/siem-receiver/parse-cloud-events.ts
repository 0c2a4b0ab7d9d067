import type { ReadEvents } from './siem-form.ts'

const TEXTS = ['id', 'source', 'type'] as const

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const attributeProblem = (event: Readonly<Record<string, unknown>>): string | undefined => {
  if (event.specversion !== '1.0') return 'specversion is not 1.0'
  const missing = TEXTS.find((name) => typeof event[name] !== 'string' || event[name] === '')
  if (missing !== undefined) return `${missing} is missing`
  const misnamed = Object.keys(event).find((name) => !/^[a-z0-9]{1,20}$/.test(name))
  return misnamed === undefined ? undefined : 'an attribute is not named in lower-case letters and digits'
}

const refused = (reason: string): ReadEvents => ({ ids: [], refusal: { status: 400, body: reason, reason } })

/** Reads a CloudEvents JSON batch; all of it or nothing. */
export function parseCloudEvents(body: Buffer): ReadEvents {
  let batch: unknown
  try {
    batch = JSON.parse(body.toString())
  } catch {
    return refused('the body is not JSON')
  }
  if (!Array.isArray(batch)) return refused('the body is no JSON array')
  const ids: string[] = []
  for (const event of batch) {
    if (!isObject(event)) return refused('a member of the batch is no object')
    const problem = attributeProblem(event)
    if (problem !== undefined) return refused(problem)
    ids.push(String(event.id))
  }
  return { ids, refusal: undefined }
}
