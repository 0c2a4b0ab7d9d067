import { createHmac, hash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { HubMessage } from '../../emulators/functions-host/event-hub/hub-message.ts'
import type { FloorTargets, RequestsPerBatch } from './counts.ts'
import { parseEnvelope } from './parse-envelope.ts'
import type { Post } from './poster.ts'

const compress = promisify(gzip)
const KEY = 'whsec_of_the_floor'
/** About a receipt. */
const OTHER_BODY = Buffer.from(JSON.stringify({ receipt: 'x'.repeat(800) }))

const sha256 = (content: string | Uint8Array): string => hash('sha256', content, 'hex')

interface Known {
  readonly factKey: string
  readonly eventId: string
  readonly bodyDigest: string
  readonly record: object
}

/** A message's records with their ids: one digest over the fact, one over every field. */
function* knownOf({ body }: HubMessage): Generator<Known> {
  const bodyDigest = sha256(body)
  for (const record of parseEnvelope(body)) {
    const { properties, tenantId, category } = record
    const { id, lastUpdatedDateTime, riskState } = properties
    const factKey = sha256(JSON.stringify([tenantId, category, id, lastUpdatedDateTime, riskState]))
    const eventId = sha256(JSON.stringify([factKey, properties]))
    yield { factKey: factKey.slice(0, 32), eventId: eventId.slice(0, 32), bodyDigest, record }
  }
}

/** An archive line, with the digest of the record's text. */
function lineOf({ factKey, eventId, bodyDigest, record }: Known): string {
  const text = JSON.stringify(record)
  return `{"bodyDigest":"${bodyDigest}","digest":"${sha256(text)}","factKey":"${factKey}","eventId":"${eventId}","record":${text}}\n`
}

const rowOf = ({ factKey, eventId, record }: Known): string =>
  JSON.stringify({ EventId: eventId, FactKey: factKey, Record: record })

const cloudEventOf = ({ factKey, eventId, record }: Known): string =>
  JSON.stringify({ specversion: '1.0', id: eventId, subject: factKey, data: record })

/** Cuts a list into so many runs of about equal length. */
const runsOf = <T>(list: readonly T[], count: number): readonly (readonly T[])[] =>
  Array.from({ length: count }, (_, i) =>
    list.slice(Math.floor((i * list.length) / count), Math.floor(((i + 1) * list.length) / count)),
  )

/**
 * The floor, and with it what no exporter that keeps evidence can leave out: SHA-256 of each
 * message, record, id and archive blob, a signature on what goes to the webhook, and as many requests
 * as the handler makes, the archive's answer before any delivery. One plain client on kept
 * connections; no normalising, no authentication.
 * @returns what takes a batch, and settles when everything is answered
 */
export function floorWithDigestsAndRequests(
  post: Post,
  targets: FloorTargets,
  requests: RequestsPerBatch,
): (batch: readonly HubMessage[]) => Promise<void> {
  const archive = async (known: readonly Known[]): Promise<void> => {
    const content = known.map(lineOf).join('')
    const name = sha256(content).slice(0, 16)
    await post(`${targets.archive}${name}`, 'PUT', await compress(content, { level: 1 }))
  }
  const rows = async (known: readonly Known[]): Promise<() => Promise<void>> => {
    const body = await compress(`[${known.map(rowOf).join(',')}]`, { level: 1 })
    return () => post(targets['log-analytics'], 'POST', body)
  }
  const cloudEvents = async (known: readonly Known[]): Promise<() => Promise<void>> => {
    const content = `[${known.map(cloudEventOf).join(',')}]`
    const signature = createHmac('sha256', KEY).update(content).digest('base64')
    const body = await compress(content, { level: 1 })
    return () => post(targets.webhook, 'POST', body, { 'webhook-signature': signature })
  }

  return async (batch) => {
    const known = batch.flatMap((message) => [...knownOf(message)])
    const written = Promise.all(runsOf(known, requests.archive).map(archive))
    const deliveries = Promise.all([
      ...runsOf(known, requests['log-analytics']).map(rows),
      ...runsOf(known, requests.webhook).map(cloudEvents),
    ])
    await written
    await Promise.all((await deliveries).map((deliver) => deliver()))
    await Promise.all(Array.from({ length: requests.other }, () => post(targets.other, 'PUT', OTHER_BODY)))
  }
}
