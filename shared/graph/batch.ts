import { isJsonObject, type Json, type JsonObject } from '../encoding/json.ts'
import { type GraphClient, PREFER } from './graph-client.ts'
import { faultOfStatus, type GraphAnswer, isBusy } from './graph-fault.ts'

/** Graph's limit: https://learn.microsoft.com/graph/json-batching */
export const MAX_BATCH = 20

interface Asked {
  readonly path: string
  /** API version, such as `v1.0`. */
  readonly version: string
  /** Relative to the version. */
  readonly url: string
}

function askedOf(path: string): Asked {
  const slash = path.indexOf('/')
  return { path, version: path.slice(0, slash), url: path.slice(slash) }
}

const bodyOf = (asked: readonly Asked[]): JsonObject => ({
  requests: asked.map(({ url }, n) => ({ id: String(n), method: 'GET', url, headers: { Prefer: PREFER } })),
})

function responsesIn(body: Json): ReadonlyMap<Json | undefined, JsonObject> {
  const responses = isJsonObject(body) ? body['responses'] : undefined
  const objects = Array.isArray(responses) ? (responses as readonly Json[]).filter(isJsonObject) : []
  return new Map(objects.map((response) => [response['id'], response]))
}

async function batch(
  client: GraphClient,
  asked: readonly Asked[],
  signal: AbortSignal,
): Promise<readonly GraphAnswer[]> {
  const [first, ...others] = asked
  if (first === undefined) return []
  if (others.length === 0) return [await client.request({ path: first.path }, signal)]
  const path = `${first.version}/$batch`
  const whole: GraphAnswer = await client.request({ method: 'POST', path, body: bodyOf(asked) }, signal)
  if (!whole.ok) return asked.map(() => whole)
  const responses = responsesIn(whole.body)
  const answers: GraphAnswer[] = []
  for (const [n, one] of asked.entries()) {
    const response = responses.get(String(n))
    const status = response?.['status']
    // A batch succeeds although single requests in it were throttled.
    if (response === undefined || typeof status !== 'number' || isBusy(status))
      answers.push(await client.request({ path: one.path }, signal))
    else {
      const body = response['body'] ?? null
      answers.push(status < 300 ? { ok: true, body } : { ok: false, fault: faultOfStatus(status, body) })
    }
  }
  return answers
}

/**
 * Reads several resources with as few requests as possible: one per 20 of the same API version.
 * Resources that are busy are asked for again on their own.
 * @param paths relative to the endpoint, including the API version
 * @returns an answer for each path, in their order
 */
export async function answersTo(
  client: GraphClient,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<readonly GraphAnswer[]> {
  const all = paths.map(askedOf)
  const answers = new Map<string, GraphAnswer>()
  for (const version of new Set(all.map((one) => one.version))) {
    const asked = all.filter((one) => one.version === version)
    for (let from = 0; from < asked.length; from += MAX_BATCH) {
      const some = asked.slice(from, from + MAX_BATCH)
      const read = await batch(client, some, signal)
      for (const [n, { path }] of some.entries()) {
        const answer = read[n]
        if (answer !== undefined) answers.set(path, answer)
      }
    }
  }
  return paths.flatMap((path) => answers.get(path) ?? [])
}
