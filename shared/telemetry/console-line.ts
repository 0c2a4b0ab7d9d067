import type { LogLevel } from './log-telemetry.ts'

/**
 * What is written to the console so that it arrives at its level, in one piece. The Functions host
 * takes what a worker writes outside of invocations line by line: what stands on stdout is
 * information, what stands on stderr is a warning if it holds "warn", an error if it holds "error",
 * "fail" or "severe", and else information too.
 * https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script/Workers/ProcessManagement/WorkerProcess.cs
 */
export function consoleLine(level: LogLevel, line: string): string {
  const single = line.replaceAll(/\s*\n\s*/g, ' ')
  return level === 'information' ? single : `[${level}] ${single}`
}
