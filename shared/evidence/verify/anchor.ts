import { parseCheckpoint } from '../checkpoint.ts'
import { HASH_BYTES } from '../merkle.ts'

/** A size and root that somebody kept outside of the log. */
export interface Anchor {
  readonly size: number
  readonly root: Buffer
  /** Which row of which file. */
  readonly source: string
}

const SIZE = ['evidenceSize', 'EvidenceSize', 'size', 'treeSize'] as const
const ROOT = ['evidenceRoot', 'EvidenceRoot', 'root', 'rootHash'] as const

type Values = Readonly<Record<string, unknown>>

function rowAnchor(row: unknown, source: string): Anchor | undefined {
  if (typeof row !== 'object' || row === null) return undefined
  const values = row as Values
  for (const inner of [values, ...Object.values(values)]) {
    if (typeof inner !== 'object' || inner === null) continue
    const fields = inner as Values
    const size = Number(SIZE.map((name) => fields[name]).find((value) => value !== undefined))
    const text = ROOT.map((name) => fields[name]).find((value) => typeof value === 'string')
    const root = typeof text === 'string' ? rootOf(text) : undefined
    if (Number.isSafeInteger(size) && size >= 0 && root !== undefined) return { size, root, source }
  }
  return undefined
}

function rootOf(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64')
  return bytes.length === HASH_BYTES ? bytes : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Anchors in a file: a checkpoint, or rows of heartbeats as JSON, a JSON array or JSON Lines.
 * @returns `undefined` if anything in it is not one
 */
export function parseAnchors(content: Buffer, file: string): readonly Anchor[] | undefined {
  const checkpoint = parseCheckpoint(content)
  if (checkpoint !== undefined) return [{ size: checkpoint.size, root: checkpoint.root, source: file }]
  const text = content.toString('utf8')
  const whole = parseJson(text)
  const rows = Array.isArray(whole)
    ? whole
    : whole === undefined
      ? text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map(parseJson)
      : [whole]
  const anchors = rows.map((row, at) => rowAnchor(row, `${file}, row ${at + 1}`))
  const found = anchors.filter((one) => one !== undefined)
  return found.length === anchors.length && found.length > 0 ? found : undefined
}
