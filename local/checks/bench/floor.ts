import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { HubMessage } from '../../emulators/functions-host/event-hub/hub-message.ts'
import { parseEnvelope } from './parse-envelope.ts'

const compress = promisify(gzip)
const DESTINATIONS = 3

/**
 * The minimum work of any exporter to three destinations: parse each message once and, per
 * destination, serialise and compress. No digest, no normalisation, no network.
 */
export async function floor(batch: readonly HubMessage[]): Promise<void> {
  const records: unknown[] = []
  for (const message of batch) records.push(...parseEnvelope(message.body))
  await Promise.all(
    Array.from({ length: DESTINATIONS }, () => compress(JSON.stringify(records), { level: 1 })),
  )
}
