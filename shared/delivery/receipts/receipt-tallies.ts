import { addSinkTallies, EMPTY_SINK_TALLY, SINK_OUTCOMES, type SinkTally } from '../../domain/tally.ts'

type Tallied = { readonly sink: string; readonly tally: SinkTally }

/**
 * A receipt's counts as blob metadata (`sink=1,2,3,4,5;…`), so that listing is enough to add them
 * up.
 */
export function tallyMetadata(reports: readonly Tallied[]): Record<string, string> {
  const bySink = new Map<string, SinkTally>()
  for (const { sink, tally } of reports)
    bySink.set(sink, addSinkTallies(bySink.get(sink) ?? EMPTY_SINK_TALLY, tally))
  return {
    tallies: [...bySink]
      .map(([sink, tally]) => `${sink}=${SINK_OUTCOMES.map((end) => tally[end]).join(',')}`)
      .join(';'),
  }
}

/** Unreadable counts are 0. */
const count = (text: string | undefined): number => (/^\d{1,15}$/.test(text ?? '') ? Number(text) : 0)

/** The counts in a receipt's metadata. */
export const receiptTallies = (
  metadata: Readonly<Record<string, string>>,
): readonly (readonly [string, SinkTally])[] =>
  (metadata['tallies'] ?? '')
    .split(';')
    .filter((part) => part !== '')
    .map((part) => {
      const [sink = '', counts = ''] = part.split('=')
      const [delivered, pending, deadLettered, duplicate, filtered] = counts.split(',')
      return [
        sink,
        {
          delivered: count(delivered),
          pending: count(pending),
          deadLettered: count(deadLettered),
          duplicate: count(duplicate),
          filtered: count(filtered),
        },
      ] as const
    })
