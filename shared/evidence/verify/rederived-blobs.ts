import type { Leaf } from '../leaf.ts'
import type { Finding } from './finding.ts'
import type { Rederived } from './rederive.ts'

/** Seals whose version counts: that of a blob, and those before it. */
const SEALS = 3

/**
 * Blobs that this version wrote, as far as the log tells: it has the version of whoever sealed. A
 * blob that another version wrote just before an update may be sealed by the next one, so that the
 * seals before must be of this version too.
 */
export function blobsOfVersion(version: string, leaves: readonly (Leaf | undefined)[]): ReadonlySet<string> {
  const names = new Set<string>()
  const versions: string[] = []
  let commit: string[] = []
  for (const leaf of leaves) {
    if (leaf?.type === 'archive') commit.push(leaf.name)
    if (leaf?.type !== 'seal') continue
    versions.push(leaf.programVersion)
    if (versions.slice(-SEALS).every((one) => one === version)) for (const name of commit) names.add(name)
    commit = []
  }
  return names
}

/** Adds up what making events again has shown. */
export class RederivedBlobs {
  readonly #ours: ReadonlySet<string>
  readonly #version: string
  #same = 0
  #other = 0

  constructor(version: string, leaves: readonly (Leaf | undefined)[]) {
    this.#version = version
    this.#ours = blobsOfVersion(version, leaves)
  }

  add(name: string, { same, other, named }: Rederived, findings: Finding[]): void {
    this.#same += same
    if (!this.#ours.has(name)) this.#other += other
    else if (other > 0)
      findings.push({
        class: 'RECORD_CHANGED',
        subject: name,
        detail: `${other} lines do not follow from their records; ${named.join('; ')}`,
      })
  }

  /** Lines that follow from their records; those that another version may have made are found. */
  conclude(findings: Finding[]): number {
    if (this.#other > 0)
      findings.push({
        class: 'NOT_REDERIVED',
        subject: 'archive',
        detail: `${this.#other} lines, not known to be written by version ${this.#version}`,
      })
    return this.#same
  }
}
