/** An operator reads all of it in one log line, and no log cuts one of this length. */
const MAX_CHARACTERS = 8_000

/**
 * Thrown once, at load, listing every problem; never a value: it may be a secret.
 *
 * It is one line that holds the word "fail", because of how the Functions host treats what the
 * worker says while it loads an app: every line of stderr by itself, at a level by the words in it.
 * https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script/Workers/ProcessManagement/WorkerProcess.cs
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`Reading app settings failed, ${counted(problems.length)}: ${joined(problems)}`)
    this.problems = problems
    // The worker prints the stack: where in the program settings are read helps nobody to mend
    // them.
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
