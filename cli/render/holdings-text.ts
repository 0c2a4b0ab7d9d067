import { counted } from '../../shared/domain/duration.ts'
import type { Instant } from '../../shared/domain/identifiers.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import type {
  ArchiveHoldings,
  Holding,
  PartitionHolding,
} from '../../shared/operations/auditor/archive-holdings.ts'
import type { Paint } from '../text/paint.ts'
import { plain } from '../text/plain.ts'
import { table } from '../text/table.ts'
import { logLine } from './log-line.ts'

/** Whole seconds: a screen is narrow. */
const short = (at: Instant): string => isoInstant(at).replace(/\.\d{3}Z$/, 'Z')

const holdingRow = ({ month, category, partition, records, faults, first, last }: Holding) => [
  month,
  category === undefined ? '(none)' : plain(category),
  plain(partition),
  String(records),
  String(faults),
  short(first),
  short(last),
]

const partitionRow = (held: PartitionHolding) => [
  plain(`${held.namespace}/${held.hub}/${held.partition}`),
  `${held.firstSequenceNumber}-${held.lastSequenceNumber}`,
  String(held.blobs),
  String(held.blobsSealed),
  held.sealedUpTo === undefined ? 'not sealed' : short(held.sealedUpTo),
]

/** `archive` for people. */
export function holdingsText(held: ArchiveHoldings, paint: Paint): string {
  const { holdings, partitions, blobs, copies, skipped, from, to, log } = held
  const span = from === 0 ? `up to ${isoInstant(to)}` : `${isoInstant(from)} to ${isoInstant(to)}`
  const records = holdings.reduce((sum, one) => sum + one.records, 0)
  const looked = `${span}, ${counted(blobs, 'archive blob')}`
  if (partitions.length === 0) return `The archive holds nothing: ${looked}.\n`
  return [
    paint('bold', `${counted(records, 'record')}, ${looked}`),
    '',
    ...table(
      [['MONTH', 'CATEGORY', 'PARTITION', 'RECORDS', 'FAULTS', 'FIRST', 'LAST'], ...holdings.map(holdingRow)],
      new Set([3, 4]),
    ),
    '',
    ...table(
      [['PARTITION', 'SEQUENCE NUMBERS', 'BLOBS', 'SEALED', 'SEALED UP TO'], ...partitions.map(partitionRow)],
      new Set([2, 3]),
    ),
    '',
    `Log: ${logLine(log)}.`,
    ...(skipped === 0
      ? []
      : [`Of ${counted(skipped, 'record')} of other categories only the count is kept.`]),
    ...(copies === 0 ? [] : [`Passed over as copies: ${counted(copies, 'line')}.`]),
    '',
  ].join('\n')
}
