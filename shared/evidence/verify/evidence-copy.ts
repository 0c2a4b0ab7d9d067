import type { ContainerPolicy } from './container-policy.ts'

/** Archive and log, wherever they lie: a container's blobs or a folder's files, by their blob names. */
export interface EvidenceCopy {
  /** Archive blobs, as `v1/…`, in ascending order. */
  archiveNames(): AsyncIterable<string>
  /** Blobs of the log, by the names of `log-layout.ts`. */
  logNames(): AsyncIterable<string>
  /** @returns `undefined` if there is no such blob */
  read(name: string): Promise<Buffer | undefined>
  /** The write protection of the containers, where it can be seen: a folder does not tell. */
  policies?(signal: AbortSignal): Promise<readonly ContainerPolicy[]>
}
