import { type AppSettings, sourceOf } from '../config/parse-settings.ts'
import { isRiskEvent } from '../domain/exported-event.ts'
import { parseEvent } from '../domain/flat-event.ts'
import { instant } from '../domain/identifiers.ts'
import type { RiskEvent } from '../domain/risk-event.ts'
import type { Time } from '../domain/time.ts'
import type { JsonObject } from '../encoding/json.ts'
import { rereaderOf } from './assemble.ts'

/**
 * Normalises records like those of the stream.
 * @returns `undefined` for one that cannot be read, or is not about risk
 */
export function recordReader(
  settings: AppSettings,
  time: Pick<Time, 'now'>,
): (record: JsonObject) => RiskEvent | undefined {
  const rereader = rereaderOf(sourceOf(settings))
  return (record) => {
    const reading = rereader.rereadRecord(Buffer.from(JSON.stringify(record)), instant(time.now()))
    if (reading.status !== 'event') return undefined
    const event = parseEvent(reading.event)
    return isRiskEvent(event) ? event : undefined
  }
}
