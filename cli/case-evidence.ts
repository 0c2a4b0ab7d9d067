import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { publicKeyPem, verifierKeyText } from '../shared/evidence/note.ts'
import { caseProofText } from '../shared/evidence/verify/case-proof.ts'
import type { ProvableLog } from '../shared/evidence/verify/provable-log.ts'
import { type BlobEvidence, blobEvidence } from '../shared/operations/auditor/blob-evidence.ts'
import type { SelectedLine } from '../shared/operations/auditor/select-records.ts'
import { CASE_BLOBS, CASE_PROOFS, CASE_TIMESTAMP, caseKeyName } from './case-layout.ts'
import { cannotWrite, type WrittenFile, writeWhole } from './export-writer.ts'
import { portablePath } from './portable-name.ts'

const EVENT_ID = /^[0-9a-f]+$/

/** Writes what proves the records of a case: each blob once, a proof for each record. */
export class CaseEvidence {
  readonly #folder: string
  readonly #log: ProvableLog | undefined
  readonly #storedBlob: (name: string) => Promise<Buffer | undefined>
  readonly #blobs = new Map<string, BlobEvidence>()
  readonly files: Record<string, WrittenFile> = {}
  proofs = 0

  constructor(
    folder: string,
    log: ProvableLog | undefined,
    storedBlob: (name: string) => Promise<Buffer | undefined>,
  ) {
    this.#folder = folder
    this.#log = log
    this.#storedBlob = storedBlob
  }

  /** The head of the log that all proofs lead to, and the keys that it may be signed with. */
  async addLog(): Promise<void> {
    const log = this.#log
    if (log === undefined) return
    await this.#write('checkpoint.txt', log.checkpoint)
    if (log.timestamp !== undefined) await this.#write(CASE_TIMESTAMP, log.timestamp)
    for (const key of log.keys) {
      const name = caseKeyName(key.keyId, 'pem')
      if (this.files[name] !== undefined) continue
      await this.#write(name, publicKeyPem(key.spki))
      await this.#write(caseKeyName(key.keyId, 'vkey'), `${verifierKeyText(key)}\n`)
    }
  }

  /** @param number of the record in the case, from 1 */
  async add(number: number, { line, blob: { name } }: SelectedLine): Promise<void> {
    const evidence = this.#blobs.get(name) ?? (await this.#addBlob(name))
    const inclusion = evidence.state === 'same' ? this.#log?.inclusionOf(name) : undefined
    if (inclusion === undefined) return
    const id = line.kind === 'event' && EVENT_ID.test(line.event.eventId) ? `-${line.event.eventId}` : ''
    const file = `${CASE_PROOFS}/${String(number).padStart(6, '0')}${id}.tlog-proof`
    await this.#write(file, caseProofText({ inclusion, line: line.line }))
    this.proofs += 1
  }

  /** The list of the blobs, with what the log says about each. */
  async end(): Promise<void> {
    const lines = [...this.#blobs.values()].map(({ sealed, ...now }) =>
      JSON.stringify({
        ...now,
        ...(sealed === undefined ? {} : { leafIndex: sealed.index, leaf: sealed.leaf }),
      }),
    )
    await this.#write('blobs.jsonl', lines.map((line) => `${line}\n`).join(''))
  }

  async #addBlob(name: string): Promise<BlobEvidence> {
    const stored = await this.#storedBlob(name)
    const evidence = blobEvidence(name, stored, this.#log)
    this.#blobs.set(name, evidence)
    if (stored !== undefined) await this.#write(`${CASE_BLOBS}/${portablePath(name)}`, stored)
    return evidence
  }

  async #write(name: string, content: string | Uint8Array): Promise<void> {
    const path = join(this.#folder, name)
    await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch(cannotWrite(dirname(path)))
    this.files[name] = await writeWhole(path, content)
  }
}
