/** Levels as named by the Functions worker, lowest first. */
export const LOG_LEVELS = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/**
 * One log line; `user` is from the app, `system` from the library, `console` from the worker,
 * `host` from us.
 */
export interface HostLogLine {
  readonly level: LogLevel
  readonly category: 'user' | 'system' | 'console' | 'host'
  readonly message: string
  /** The running function, if any. */
  readonly functionName?: string
  readonly invocationId?: string
}

/** Receives lines of every level; the receiver filters. */
export type HostLog = (line: HostLogLine) => void
