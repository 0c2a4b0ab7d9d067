import { type HostLogLine, LOG_LEVELS, type LogLevel } from './host-log.ts'

/** The host's log category for a worker's console output. */
const CATEGORY = 'Host.Function.Console'

/** Minimum log level by category prefix; `logging.logLevel` of host.json. */
export type LogLevels = Readonly<Record<string, LogLevel>>

/**
 * A line of a worker's console output, as the host logs it: the level depends on the stream and on
 * words in the line. Source: WorkerProcess.ParseErrorMessageAndLog in
 * https://github.com/Azure/azure-functions-host
 */
export function consoleLogLine(stream: 'stdout' | 'stderr', message: string): HostLogLine {
  return { level: stream === 'stdout' ? 'information' : levelByWords(message), category: 'console', message }
}

function levelByWords(message: string): LogLevel {
  if (/warn/i.test(message)) return 'warning'
  return /error|fail|severe/i.test(message) ? 'error' : 'information'
}

/**
 * Whether host.json lets a line through: the longest matching category prefix decides, else
 * `default`. Source:
 * https://learn.microsoft.com/azure/azure-functions/configure-monitoring#configure-log-levels
 */
export function isLogged({ level, category, functionName }: HostLogLine, levels: LogLevels): boolean {
  const name = category === 'console' ? CATEGORY : `Function.${functionName ?? ''}`
  const [deciding = 'default'] = Object.keys(levels)
    .filter((prefix) => name === prefix || name.startsWith(`${prefix}.`))
    .sort((a, b) => b.length - a.length)
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(levels[deciding] ?? 'information')
}
