import { createPublicKey } from 'node:crypto'
import { type LogEnd, readLogEnd } from '../../../../shared/evidence/read-log-end.ts'
import { containerCopy } from '../../../../shared/evidence/verify/container-copy.ts'
import { weightOf } from '../../../../shared/evidence/verify/finding.ts'
import { verify } from '../../../../shared/evidence/verify/verify.ts'
import type { Stores } from '../../once/stores.ts'

type LogStores = Pick<Stores, 'archive' | 'log' | 'fixedLog'>

/** Heads of the log as they were published, kept where nothing of the run can change them. */
export class HeadsSeen {
  readonly #stores: LogStores
  readonly #heads = new Map<string, Pick<LogEnd, 'size' | 'root'>>()

  constructor(stores: LogStores) {
    this.#stores = stores
  }

  /** Keeps the head of now; a storage that does not answer is asked again later. */
  async look(): Promise<void> {
    const { log, fixedLog: fixed } = this.#stores
    const head = await readLogEnd({ log, fixed }).catch(() => undefined)
    if (head !== undefined) this.#heads.set(`${head.size} ${head.root.toString('base64')}`, head)
  }

  all(): readonly Pick<LogEnd, 'size' | 'root'>[] {
    return [...this.#heads.values()]
  }
}

const spkiOf = (pem: string): Buffer => createPublicKey(pem).export({ format: 'der', type: 'spki' })

/** Verifies archive and log that a run left, as an auditor does: problems in words. */
export async function verifyLog(
  { archive, log, fixedLog: fixed }: LogStores,
  { signingKey, heads }: { readonly signingKey: string; readonly heads: Pick<HeadsSeen, 'all'> },
): Promise<readonly string[]> {
  const copy = containerCopy(archive, { log, fixed }, { limit: () => NEVER })
  const { findings, log: checked } = await verify(copy, {
    keys: [spkiOf(signingKey)],
    anchors: heads.all().map(({ size, root }) => ({ size, root, source: `the head of ${size} leaves` })),
    from: undefined,
    to: undefined,
    onProgress: () => undefined,
    signal: NEVER.signal,
  })
  return [
    ...(checked === undefined ? ['there is no log'] : []),
    ...findings
      .filter((finding) => weightOf(finding) !== 'note')
      .map((finding) => `verify: ${finding.class}, ${finding.subject}: ${finding.detail}`),
  ]
}

/** What is read after a run is on this machine, and unhurt. */
const NEVER = { signal: new AbortController().signal, end: () => undefined }
