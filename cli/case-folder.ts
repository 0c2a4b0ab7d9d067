import type { KeyObject } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Auditor } from '../shared/composition/create-auditor.ts'
import { instant } from '../shared/domain/identifiers.ts'
import type { Time } from '../shared/domain/time.ts'
import { exportHead, exportLine } from '../shared/operations/auditor/record-output.ts'
import type { ExportQuery, SelectedLine } from '../shared/operations/auditor/select-records.ts'
import type { LinesSeen } from '../shared/operations/auditor/unique-lines.ts'
import { CaseEvidence } from './case-evidence.ts'
import { writeManifest } from './case-manifest.ts'
import { cannotWrite, FileWriter, type WrittenFile, writeWhole } from './export-writer.ts'
import { isPortable } from './portable-name.ts'
import { caseReadme } from './render/case-readme.ts'
import { UsageError } from './usage-error.ts'

/** What is asked of a case. */
export interface CaseRequest {
  /** Path of the new folder. */
  readonly folder: string
  readonly query: ExportQuery
  /** As it was typed. */
  readonly args: readonly string[]
  readonly signingKey: KeyObject | undefined
}

export interface WrittenCase {
  readonly records: number
  /** Records with a proof: those of blobs that are in the log, and as it says. */
  readonly proofs: number
  readonly files: Readonly<Record<string, WrittenFile>>
  readonly seen: LinesSeen
}

/**
 * A case is handed over, so its name must be one that every system can have.
 * @throws UsageError if it is not
 */
export function expectCaseName(path: string): void {
  if (!isPortable(basename(path)))
    throw new UsageError('--case: expected a name that Windows can have too: none of < > : " / \\ | ? * %.')
}

/** Writes all records in both forms, and what proves each; returns how many. */
async function writeRecords(
  folder: string,
  records: AsyncIterable<SelectedLine>,
  evidence: CaseEvidence,
): Promise<number> {
  const csv = await FileWriter.create(join(folder, 'records.csv'))
  const jsonl = await FileWriter.create(join(folder, 'records.jsonl'))
  let count = 0
  try {
    await csv.write(exportHead('csv', true))
    for await (const record of records) {
      count += 1
      await csv.write(exportLine('csv', record))
      await jsonl.write(exportLine('jsonl', record))
      await evidence.add(count, record)
    }
  } catch (error) {
    await Promise.all([csv.close(), jsonl.close()])
    throw error
  }
  evidence.files['records.csv'] = await csv.end()
  evidence.files['records.jsonl'] = await jsonl.end()
  return count
}

/**
 * Writes a case: a new folder with the records, the blobs that they come from, a proof for each,
 * and a manifest.
 * @throws CannotRunError if the folder exists, or a file cannot be written; EvidenceError if the log
 * is damaged; the SDK's errors
 */
export async function writeCase(
  auditor: Auditor,
  { folder, query, args, signingKey }: CaseRequest,
  time: Pick<Time, 'now'>,
  onBlob: (blobs: number) => void,
): Promise<WrittenCase> {
  const startedAt = instant(time.now())
  // Whoever cannot be named, and a log that proves nothing, are found out before anything is written.
  const by = await auditor.who()
  const log = await auditor.provableLog()
  await mkdir(folder, { mode: 0o700 }).catch(cannotWrite(folder))
  const evidence = new CaseEvidence(folder, log, (name) => auditor.storedBlob(name))
  const seen: LinesSeen = { blobs: 0, copies: 0 }
  await evidence.addLog()
  const records = await writeRecords(folder, await auditor.records(query, seen, onBlob), evidence)
  await evidence.end()
  const { files, proofs } = evidence
  const readme = caseReadme({
    isSigned: signingKey !== undefined,
    log: log === undefined ? 'none' : log.signer === undefined ? 'unsigned' : 'signed',
  })
  files['README.txt'] = await writeWhole(join(folder, 'README.txt'), readme)
  const { tenantId } = auditor
  const found = { by, startedAt, tenantId, args, query, records, proofs, seen, log, files }
  await writeManifest(folder, { ...found, endedAt: instant(time.now()) }, signingKey)
  return { records, proofs, files, seen }
}
