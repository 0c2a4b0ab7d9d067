import { keyIdOf } from './note.ts'

/**
 * The log lies in two containers of the archive's account: one that may be written again, which is
 * a log of [C2SP tlog-tiles](https://c2sp.org/tlog-tiles), and one that must not (WORM), which
 * fixes what came in which order. Their names do not overlap, so that both can be copied into one
 * folder.
 */
export const LOG_CONTAINER = 'evidence'

/** The container of commits and checkpoints that belongs to a log. */
export const fixedContainerOf = (logContainer: string): string => `${logContainer}-fixed`

/** The newest checkpoint; the only blob that is ever overwritten with something else. */
export const NEWEST_CHECKPOINT = 'checkpoint'

/** Public keys, as PEM and as verifier key of notes. */
export const KEYS = 'keys/'

export const COMMITS = 'commits/'
export const CHECKPOINTS = 'checkpoints/'

const pad20 = (value: number): string => String(value).padStart(20, '0')

/**
 * The name of a commit: the index of its first leaf. So two commits for one place have one name,
 * and only one can be written.
 */
export const commitName = (firstLeaf: number): string => `${COMMITS}${pad20(firstLeaf)}.jsonl`

/** The name of the checkpoint of a size. */
export const checkpointName = (size: number): string => `${CHECKPOINTS}${pad20(size)}`

/** The name of the RFC 3161 time stamp of a checkpoint. */
export const timestampName = (size: number): string => `${checkpointName(size)}.tsr`

export const keyPemName = (spki: Uint8Array): string => `${KEYS}${keyIdOf(spki)}.pem`
export const verifierKeyName = (spki: Uint8Array): string => `${KEYS}${keyIdOf(spki)}.vkey`

/** Whether a name belongs into the container that must not be written again. */
export const isFixed = (name: string): boolean => name.startsWith(COMMITS) || name.startsWith(CHECKPOINTS)

const numberIn = (pattern: RegExp, name: string): number | undefined => {
  const digits = pattern.exec(name)?.[1]
  const value = digits === undefined ? Number.NaN : Number(digits)
  return Number.isSafeInteger(value) ? value : undefined
}

/** The first leaf of the commit of this name; `undefined` for any other name. */
export const firstLeafOf = (name: string): number | undefined => numberIn(/^commits\/(\d{20})\.jsonl$/, name)

/** The size of the checkpoint of this name; `undefined` for any other name. */
export const sizeOf = (name: string): number | undefined => numberIn(/^checkpoints\/(\d{20})$/, name)
