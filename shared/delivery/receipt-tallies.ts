import { SINK_ENDS, type SinkTally } from '../domain/tally.ts'

type Tallied = { readonly sink: string; readonly tally: SinkTally }

/** A receipt's counts as blob metadata, so that listing receipts is enough to add them up: `sink=1,2,3,4,5;…`. */
export const tallyMetadata = (reports: readonly Tallied[]): Record<string, string> => ({
  tallies: reports
    .map(({ sink, tally }) => `${sink}=${SINK_ENDS.map((end) => tally[end]).join(',')}`)
    .join(';'),
})

/** The counts in the metadata of a receipt. */
export const receiptTallies = (
  metadata: Readonly<Record<string, string>>,
): readonly (readonly [string, SinkTally])[] =>
  (metadata['tallies'] ?? '')
    .split(';')
    .filter((part) => part !== '')
    .map((part) => {
      const [sink = '', counts = ''] = part.split('=')
      const [delivered = 0, owed = 0, deadLettered = 0, duplicate = 0, filtered = 0] = counts
        .split(',')
        .map(Number)
      return [sink, { delivered, owed, deadLettered, duplicate, filtered }] as const
    })
