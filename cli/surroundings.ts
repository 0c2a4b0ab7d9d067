import type { Environment } from '../shared/config/parse-settings.ts'
import type { Time } from '../shared/domain/time.ts'

/** Where text goes. */
export interface Output {
  /** Whether a person is looking, and colours and moving lines make sense. */
  readonly isTerminal: boolean
  readonly write: (text: string) => void
}

/** What the world gives to a command. */
export interface Surroundings {
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Environment
  /** Account on this machine. */
  readonly user: string
  /** Absent where the system has none. */
  readonly userId: number | undefined
  readonly temporaryFolder: string
  readonly isAlive: (pid: number) => boolean
  readonly time: Time
  readonly newId: () => string
  /** Sets variables that an SDK reads from the process alone. */
  readonly setVariables: (variables: Environment) => void
  /** Asks the person at the terminal a question; absent where there is none. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined
  /** From the first call on Ctrl-C no longer ends the process, but aborts the signal. */
  readonly interruption: () => AbortSignal
}
