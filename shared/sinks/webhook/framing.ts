import type { FramingName } from '../../domain/webhook-formats.ts'
import type { Framing } from '../../encoding/span.ts'

const NOTHING: Framing = { open: '', separator: '', close: '' }

export const FRAMINGS: Readonly<Record<FramingName, Framing>> = {
  array: { open: '[', separator: ',', close: ']' },
  ndjson: { open: '', separator: '\n', close: '\n' },
  single: NOTHING,
  concatenated: NOTHING,
}
