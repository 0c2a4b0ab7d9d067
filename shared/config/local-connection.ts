import { join } from 'node:path'

/** What a running embedded stack tells the commands of the same user on the same machine. */
export interface LocalConnection {
  readonly v: 1
  /** The process that runs the stack: while it lives, so does the stack. */
  readonly pid: number
  /** Settings of the app on that stack, and where its managed identity answers. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * Where the stack of a user leaves it. The file is for its owner alone (mode 0600): whoever else
 * could write it would say where records go.
 * @param userId absent where the system has none
 */
export const localConnectionPath = (temporaryFolder: string, userId: number | undefined): string =>
  join(temporaryFolder, `risk-export-local${userId === undefined ? '' : `-${userId}`}.json`)
