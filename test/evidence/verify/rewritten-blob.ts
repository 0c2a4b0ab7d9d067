import { gunzipSync, gzipSync } from 'node:zlib'
import { blobName } from '../../../shared/archive/blob-name.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { sha256Hex } from '../../../shared/encoding/digest.ts'
import type { Files, StoredBlob } from './sealed-copy.ts'

/** The line of a blob with another record in it, as a blob with the name of its content. */
export function rewritten(blob: Buffer, change: (line: string) => string): StoredBlob {
  const content = Buffer.from(change(gunzipSync(blob).toString()))
  const { position } = JSON.parse(content.toString())
  const first = { ...position, enqueuedAt: instant(Date.parse(position.enqueuedAt)) }
  const lastSequenceNumber = position.sequenceNumber
  return {
    name: blobName({ first, lastSequenceNumber, contentHash: sha256Hex(content) }),
    content: gzipSync(content),
  }
}

/** A line whose record has a member more, with the digest of that. */
export function withOtherRecord(line: string): string {
  const parsed = JSON.parse(line)
  const record = JSON.stringify({ ...parsed.record, more: true })
  const digest = `sha256:${sha256Hex(record)}`
  const others = JSON.stringify({ ...parsed, digest, recordBytes: Buffer.byteLength(record), record: 0 })
  return `${others.replace(/"record":0}$/, `"record":${record}}`)}\n`
}

/** Takes the newest commit and all that was made of it out of a log. */
export function cutOff(files: Files): void {
  const sizes = [...files.keys()].filter((name) => /checkpoints\/\d+$/.test(name)).sort()
  const kept = sizes.at(-2) as string
  const size = Number(kept.slice(-20))
  for (const name of files.keys()) {
    const number = Number(/(?:commits|checkpoints)\/(\d{20})/.exec(name)?.[1] ?? 0)
    const width = Number(/\.p\/(\d+)$/.exec(name)?.[1] ?? 0)
    const isLater = name.includes('commits/') ? number >= size : number > size || width > size
    if (isLater || /p=0\/0+[34]-/.test(name)) files.delete(name)
  }
  files.set('evidence/checkpoint', files.get(kept) as Buffer)
}
