import { parseBase64 } from '../note.ts'

/** A proof of inclusion, [C2SP tlog-proof](https://c2sp.org/tlog-proof). */
export interface TlogProof {
  readonly index: number
  readonly path: readonly Buffer[]
  /** As it is stored. */
  readonly checkpoint: Buffer
  /** Not authenticated. */
  readonly extra?: Buffer
}

const TITLE = 'c2sp.org/tlog-proof@v1'

/** A proof as its format wants it; ends as the checkpoint does, with a line feed. */
export const tlogProofText = ({ index, path, checkpoint, extra }: TlogProof): string =>
  [
    TITLE,
    ...(extra === undefined ? [] : [`extra ${extra.toString('base64')}`]),
    `index ${index}`,
    ...path.map((one) => one.toString('base64')),
    '',
    checkpoint.toString('utf8'),
  ].join('\n')

/** Parses a proof; `undefined` if it is none. */
export function parseTlogProof(text: string): TlogProof | undefined {
  const gap = text.indexOf('\n\n')
  const [title, ...lines] = text.slice(0, gap).split('\n')
  const encoded = /^extra (.*)$/.exec(lines[0] ?? '')?.[1]
  const [place, ...hashes] = encoded === undefined ? lines : lines.slice(1)
  const extra = encoded === undefined ? undefined : parseBase64(encoded)
  const index = /^index (0|[1-9]\d{0,15})$/.exec(place ?? '')?.[1]
  const path = hashes.flatMap((one) => parseBase64(one) ?? [])
  if (gap === -1 || title !== TITLE || index === undefined || path.length !== hashes.length) return undefined
  if ((encoded === undefined) !== (extra === undefined)) return undefined
  return {
    index: Number(index),
    path,
    checkpoint: Buffer.from(text.slice(gap + 2)),
    ...(extra === undefined ? {} : { extra }),
  }
}
