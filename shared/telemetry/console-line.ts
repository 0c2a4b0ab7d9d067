import type { LogLevel } from './log-telemetry.ts'

/**
 * Formats console output so that it is logged at its level, in one piece. The Functions host reads
 * what a worker writes outside of invocations line by line: stdout is information; stderr is a
 * warning if it contains "warn", an error if it contains "error", "fail" or "severe", else
 * information.
 * https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script/Workers/ProcessManagement/WorkerProcess.cs
 */
export function consoleLine(level: LogLevel, line: string): string {
  const single = line.replaceAll(/\s*\n\s*/g, ' ')
  return level === 'information' ? single : `[${level}] ${single}`
}
