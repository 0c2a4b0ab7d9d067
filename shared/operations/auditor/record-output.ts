import { csvText } from '../report/report-csv.ts'
import { RECORD_COLUMNS, recordRow } from './record-rows.ts'
import type { SelectedLine } from './select-records.ts'

/** Forms of an export. `jsonl`: the lines of the archive, byte for byte. */
export const EXPORT_FORMATS = ['csv', 'jsonl'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** What comes before the first record. */
export const exportHead = (format: ExportFormat, bom: boolean): string =>
  format === 'csv' ? csvText([RECORD_COLUMNS], bom) : ''

/** One record. */
export const exportLine = (format: ExportFormat, { line, bytes }: SelectedLine): string | Uint8Array =>
  format === 'csv' ? csvText([recordRow(line)], false) : Buffer.concat([bytes, LINE_FEED])

const LINE_FEED = Buffer.from('\n')
