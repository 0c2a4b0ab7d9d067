import { counted } from '../../shared/domain/duration.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import {
  EXPORT_FORMATS,
  type ExportFormat,
  exportHead,
  exportLine,
} from '../../shared/operations/auditor/record-output.ts'
import type { ExportQuery, SelectedLine } from '../../shared/operations/auditor/select-records.ts'
import type { LinesSeen } from '../../shared/operations/auditor/unique-lines.ts'
import { auditorFor, blobProgress } from '../auditor.ts'
import { expectCaseName, writeCase } from '../case-folder.ts'
import { readSigningKey } from '../case-manifest.ts'
import { command } from '../command.ts'
import { COPY_OPTIONS } from '../evidence-copy.ts'
import { EXIT } from '../exit-codes.ts'
import { FileWriter, type WrittenFile } from '../export-writer.ts'
import { RANGE_OPTIONS } from '../range-options.ts'
import { oneOf } from '../read-options.ts'
import { TIME_USAGE, timeRange } from '../time-argument.ts'
import { UsageError } from '../usage-error.ts'

interface Values {
  readonly format?: string
  readonly bom: boolean
  readonly out?: string
  readonly case?: string
  readonly 'sign-key'?: string
  readonly json: boolean
}

/** Options that do not go together. */
function expectOneTarget(values: Values): void {
  const { out, bom, json, format } = values
  if (values.case !== undefined && (out !== undefined || bom || format !== undefined))
    throw new UsageError('--case writes both formats into a folder: leave out --out, --format and --bom.')
  if (values.case === undefined && values['sign-key'] !== undefined)
    throw new UsageError('--sign-key belongs to --case.')
  if (bom && format === 'jsonl') throw new UsageError('--bom belongs to --format csv.')
  if (json && values.case === undefined && out === undefined)
    throw new UsageError(
      '--json says what was written, with --out or --case. For records use --format jsonl.',
    )
  if (out === '' || values.case === '') throw new UsageError('--out and --case: expected a name.')
  if (values.case !== undefined) expectCaseName(values.case)
}

async function writeFileOf(
  path: string,
  records: AsyncIterable<SelectedLine>,
  format: ExportFormat,
  bom: boolean,
): Promise<{ readonly count: number; readonly file: WrittenFile }> {
  const file = await FileWriter.create(path)
  let count = 0
  try {
    await file.write(exportHead(format, bom))
    for await (const record of records) {
      await file.write(exportLine(format, record))
      count += 1
    }
  } catch (error) {
    await file.close()
    throw error
  }
  return { count, file: await file.end() }
}

export const exportRecords = command({
  name: 'export',
  summary: 'Write the records of a time range as CSV or JSON lines, or as a case to hand over',
  about: `Reads the archive and writes every record once, in the order of the stream: as CSV, without cells that a spreadsheet would compute, or as the lines of
the archive, byte for byte. With --case, a new folder holds both, with the archive blobs they come from, a proof for each record that check-proof
checks, and a manifest: who, when, which query, and the SHA-256 of each file.`,
  options: {
    ...COPY_OPTIONS,
    ...RANGE_OPTIONS,
    category: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      default: [],
      help: 'only records of this category; may be repeated',
    },
    identity: { type: 'string', value: 'ID', help: 'only records of this object id or application id' },
    format: {
      type: 'string',
      value: 'NAME',
      choices: EXPORT_FORMATS,
      help: 'csv, or jsonl: the lines of the archive (default csv)',
    },
    bom: {
      type: 'boolean',
      default: false,
      help: 'CSV with a byte order mark: Excel needs it to read UTF-8',
    },
    out: { type: 'string', value: 'FILE', help: 'write to a new file (default: standard output)' },
    case: { type: 'string', value: 'NAME', help: 'write a case: a new folder of this name' },
    'sign-key': {
      type: 'string',
      value: 'FILE',
      help: 'sign the manifest of the case with this private key: PEM, P-256',
    },
  },
  notes: `${TIME_USAGE}

Files are for their owner only, and nothing is overwritten.`,
  examples: [
    ['export --from 2026-01-01 --to 2026-04-01 --bom --out quarter.csv', 'a quarter, for Excel'],
    ['export --category ServicePrincipalRiskEvents --format jsonl', 'detections, as they are archived'],
    ['export --dir copy --format jsonl', 'from a downloaded copy, offline'],
    [
      'export --identity d41c7a06-52be-4f0d-8c6e-0a3b91e7f254 --from 90d --case case-17',
      'all about one identity, to hand over',
    ],
  ],
  async run({ values, args }, context) {
    expectOneTarget(values)
    const { identity, bom, out, json } = values
    const format = oneOf(values.format ?? 'csv', 'format', EXPORT_FORMATS)
    const now = instant(context.time.now())
    const query: ExportQuery = { ...timeRange(values, now), categories: values.category, identity }
    const keyPath = values['sign-key']
    const signingKey = keyPath === undefined ? undefined : await readSigningKey(keyPath)
    const auditor = await auditorFor(values, context)
    const { onBlob, done } = await blobProgress(auditor, query, context)
    const say = (text: string, told: object): void =>
      json ? context.stdout.write(`${JSON.stringify(told)}\n`) : context.stderr.write(`${text}\n`)
    if (values.case !== undefined) {
      const request = { folder: values.case, query, args, signingKey }
      const { records, proofs, files, seen } = await writeCase(auditor, request, context.time, onBlob)
      done()
      const signed = signingKey === undefined ? 'not signed' : 'signed'
      const told = { case: values.case, records, proofs, ...seen, isSigned: signingKey !== undefined, files }
      say(
        `${counted(records, 'record')} written to ${values.case}, ${proofs} with a proof; the manifest is ${signed}.`,
        told,
      )
      return EXIT.done
    }
    const seen: LinesSeen = { blobs: 0, copies: 0 }
    const records = await auditor.records(query, seen, onBlob)
    if (out !== undefined) {
      const { count, file } = await writeFileOf(out, records, format, bom)
      done()
      say(`${counted(count, 'record')} written to ${out}.`, { out, format, records: count, ...seen, ...file })
      return EXIT.done
    }
    const { write, taken } = context.stdout
    write(exportHead(format, bom))
    for await (const record of records) {
      write(Buffer.from(exportLine(format, record)).toString('utf8'))
      await taken()
    }
    done()
    return EXIT.done
  },
})
