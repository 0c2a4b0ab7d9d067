import { join } from 'node:path'

/** What a running embedded stack tells the commands of the same user and machine. */
export interface LocalConnection {
  readonly v: 1
  /** The process of the stack; both live and end together. */
  readonly pid: number
  /** Settings of the app on that stack, and its managed identity endpoint. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * Where a user's stack writes it. Readable by its owner alone (mode 0600): whoever could write it
 * would decide where records go.
 * @param userId absent if the system has none
 */
export const localConnectionPath = (temporaryFolder: string, userId: number | undefined): string =>
  join(temporaryFolder, `risk-export-local${userId === undefined ? '' : `-${userId}`}.json`)

/**
 * Object id of whoever may read the connection file, in the embedded stack's directory. Not the
 * app.
 */
export const LOCAL_OPERATOR_ID = '8d1f6b3c-52e7-4c90-a8d4-3b7e0f916c25'
