/** Levels as the Functions worker names them. */
export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none'

/** One line of the host: `user` is the app's own, `system` the library's, `host` ours. */
export interface HostLogLine {
  readonly level: LogLevel
  readonly category: 'user' | 'system' | 'host'
  readonly message: string
  /** The function that ran, when one did. */
  readonly functionName?: string
  readonly invocationId?: string
}

/** Where lines go; called for every level, filtering is the receiver's. */
export type HostLog = (line: HostLogLine) => void
