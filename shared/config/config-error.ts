/** Fits into one log line that no log truncates. */
const MAX_CHARACTERS = 8_000

/**
 * Thrown once, at load, listing every problem; never a value: it may be a secret.
 *
 * One line with the word "fail", because of how the Functions host logs what a worker writes while
 * loading an app: each line of stderr separately, at a level chosen by its words.
 * https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script/Workers/ProcessManagement/WorkerProcess.cs
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`Reading app settings failed, ${counted(problems.length)}: ${joined(problems)}`)
    this.problems = problems
    // The worker prints the stack, which would not help anyone to correct settings.
    this.stack = `ConfigError: ${this.message}`
  }
}

const counted = (count: number): string => (count === 1 ? '1 problem' : `${count} problems`)

function joined(problems: readonly string[]): string {
  let line = ''
  for (const [index, problem] of problems.entries()) {
    const next = `${index === 0 ? '' : '; '}${problem.replaceAll(/\s+/g, ' ')}`
    if (line.length + next.length > MAX_CHARACTERS) return `${line}; and ${problems.length - index} more`
    line += next
  }
  return line
}
