import type { Environment } from '../shared/config/setting-problems.ts'
import type { Time } from '../shared/domain/time.ts'
import type { Threads } from '../shared/evidence/verify/blob-threads.ts'

/** Where text is written. */
export interface Output {
  /** Whether a person is watching, so that colours and progress make sense. */
  readonly isTerminal: boolean
  /** Width of the terminal. */
  readonly columns: number | undefined
  readonly write: (text: string) => void
  /** Resolves once the reader can take more; until then, what is written is held in memory. */
  readonly taken: () => Promise<void>
}

/** A command's external dependencies. */
export interface CommandContext {
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Environment
  /** Account on this machine. */
  readonly user: string
  /** Absent if the system has none. */
  readonly userId: number | undefined
  readonly temporaryFolder: string
  readonly isAlive: (pid: number) => boolean
  readonly time: Time
  readonly newId: () => string
  /** Sets variables that an SDK only reads from the process. */
  readonly setVariables: (variables: Environment) => void
  /** Asks the user a question; absent without a terminal. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined
  /** After the first call Ctrl-C aborts this signal instead of ending the process. */
  readonly interruption: () => AbortSignal
  /** Threads for what takes long; absent: everything runs on this one. */
  readonly threads: Threads | undefined
}
