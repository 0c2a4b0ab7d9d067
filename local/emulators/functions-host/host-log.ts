/** Levels as the Functions worker names them, the least first. */
export const LOG_LEVELS = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/**
 * One line of the host: `user` is the app's own, `system` the library's, `console` the worker's,
 * `host` ours.
 */
export interface HostLogLine {
  readonly level: LogLevel
  readonly category: 'user' | 'system' | 'console' | 'host'
  readonly message: string
  /** The function that ran, when one did. */
  readonly functionName?: string
  readonly invocationId?: string
}

/** Where lines go; called for every level, filtering is the receiver's. */
export type HostLog = (line: HostLogLine) => void
