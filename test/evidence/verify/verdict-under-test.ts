import { parseCheckpoint } from '../../../shared/evidence/checkpoint.ts'
import type { Finding, FindingName } from '../../../shared/evidence/verify/finding.ts'
import { cli } from '../../cli/cli-under-test.ts'
import { type Files, folderOf } from './sealed-copy.ts'

/** What `verify` said of a copy. */
export interface Verdict {
  readonly code: number
  /** Each once, the root causes first. */
  readonly classes: readonly FindingName[]
  readonly json: {
    readonly status: string
    readonly looked: Readonly<Record<string, number>>
    readonly findings: readonly Finding[]
  }
}

export interface Given {
  /** PEM of the key to trust. */
  readonly key?: string | undefined
  readonly anchor?: string | undefined
}

type Nested = Finding & { readonly consequences?: readonly Nested[] }

const classesIn = (findings: readonly Nested[]): readonly FindingName[] =>
  findings.flatMap((one) => [one.class, ...classesIn(one.consequences ?? [])])

/** @param where the words that name the copy */
export async function verdictOf(where: readonly string[], { key, anchor }: Given): Promise<Verdict> {
  const beside = await folderOf(
    new Map([
      ['key.pem', key ?? ''],
      ['anchor.json', anchor ?? ''],
    ]),
  )
  const { code, stdout, stderr } = await cli([
    'verify',
    '--json',
    ...where,
    ...(key === undefined ? [] : ['--key', `${beside}/key.pem`]),
    ...(anchor === undefined ? [] : ['--anchor', `${beside}/anchor.json`]),
  ])
  if (stdout === '') throw new Error(stderr)
  const json = JSON.parse(stdout)
  return { code, json, classes: [...new Set(classesIn(json.findings))] }
}

export const verdictOfFolder = async (files: Files, given: Given): Promise<Verdict> =>
  verdictOf(['--dir', await folderOf(files)], given)

/** A row of heartbeats about the head of this copy's log. */
export function anchorOf(files: Files): string {
  const head = parseCheckpoint(files.get('evidence/checkpoint') as Buffer)
  if (head === undefined) throw new Error('no head')
  return JSON.stringify([{ EvidenceSize: head.size, EvidenceRoot: head.root.toString('base64') }])
}
