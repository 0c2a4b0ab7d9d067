import { type HostLogLine, LOG_LEVELS, type LogLevel } from './host-log.ts'

/** What the host calls all that a worker writes to its console. */
const CATEGORY = 'Host.Function.Console'

/** Lowest level that is logged, by the beginning of a category; `logging.logLevel` of host.json. */
export type LogLevels = Readonly<Record<string, LogLevel>>

/**
 * A line that a worker wrote to its console, as the host takes it: its level is told by the stream
 * and by the words in it. Source: WorkerProcess.ParseErrorMessageAndLog in
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
 * Whether host.json lets a line through: of the names that the category begins with the longest one
 * decides, else `default`. Source:
 * https://learn.microsoft.com/azure/azure-functions/configure-monitoring#configure-log-levels
 */
export function isLogged({ level, category, functionName }: HostLogLine, levels: LogLevels): boolean {
  const name = category === 'console' ? CATEGORY : `Function.${functionName ?? ''}`
  const [deciding = 'default'] = Object.keys(levels)
    .filter((prefix) => name === prefix || name.startsWith(`${prefix}.`))
    .sort((a, b) => b.length - a.length)
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(levels[deciding] ?? 'information')
}
