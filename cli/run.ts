import { VERSION } from '../shared/domain/version.ts'
import type { Command } from './command.ts'
import type { CommandContext } from './command-context.ts'
import { allCommands, COMMANDS } from './commands.ts'
import { EXIT, EXIT_CODES_HELP, type ExitCode } from './exit-codes.ts'
import { ACCOUNT_HINTS, appHints, failureText } from './failure-text.ts'
import { appNamedBy } from './read-options.ts'
import { stackText } from './stack-text.ts'
import { helpText } from './text/help.ts'
import { suggestFor } from './text/suggest.ts'
import { table } from './text/table.ts'
import { UsageError } from './usage-error.ts'

async function overview(): Promise<string> {
  const commands = await allCommands()
  return `risk-export ${VERSION}: the operators' command of Entra risk export

${table(commands.map(({ name, summary }) => [`  ${name}`, summary])).join('\n')}

Use risk-export help COMMAND for details and examples, risk-export version for the version. Every command accepts
--json, --local, --settings FILE and --debug.

${EXIT_CODES_HELP}
`
}

/** The command, and the words after its name. */
function commandOf(words: readonly string[]): {
  readonly load: () => Promise<Command>
  readonly rest: readonly string[]
} {
  for (const [name, load] of COMMANDS) {
    const parts = name.split(' ')
    if (parts.every((part, i) => words[i] === part)) return { load, rest: words.slice(parts.length) }
  }
  const group = COMMANDS.filter(([name]) => name.startsWith(`${words[0]} `)).map(([name]) => name)
  throw new UsageError(
    group.length > 0
      ? `Expected ${group.join(', ')}.`
      : `There is no command ${JSON.stringify(words[0])}.${nearest(words[0] ?? '', NAMES)}`,
  )
}

const NAMES = [...COMMANDS.map(([name]) => name), 'help', 'version']

/** Suggests a name with the same beginning. */
function nearest(typed: string, names: readonly string[]): string {
  const near = typed.length < 3 ? undefined : names.find((name) => name.startsWith(typed.slice(0, 3)))
  return near === undefined ? '' : ` Did you mean ${near}?`
}

const isHelp = (word: string): boolean => word === '--help' || word === '-h'

/**
 * Runs a command line. Never throws for external failures: it prints what is wrong and returns the
 * exit code.
 * @param words of the command line, without program and script
 */
export async function run(words: readonly string[], context: CommandContext): Promise<ExitCode> {
  const [first] = words
  let signal: AbortSignal | undefined
  const interruption = (): AbortSignal => {
    signal ??= context.interruption()
    return signal
  }
  try {
    if (first === '--version' || first === 'version') {
      context.stdout.write(`${VERSION}\n`)
      return EXIT.done
    }
    if (first === 'help' && words.length > 1) return await run([...words.slice(1), '--help'], context)
    if (first === undefined || first === 'help' || isHelp(first)) {
      const isAsked = first !== undefined
      const output = isAsked ? context.stdout : context.stderr
      output.write(await overview())
      return isAsked ? EXIT.done : EXIT.usage
    }
    const { load, rest } = commandOf(words)
    const command = await load()
    if (rest.some(isHelp)) {
      context.stdout.write(helpText(command))
      return EXIT.done
    }
    return await command.run(rest, { ...context, interruption })
  } catch (error) {
    if (signal?.aborted === true && error instanceof Error && error.name === 'AbortError') {
      context.stderr.write('Interrupted.\n')
      return EXIT.interrupted
    }
    const isUsage = error instanceof UsageError
    const app = appNamedBy(words)
    const hints = app.account === undefined ? appHints(suggestFor(app)) : ACCOUNT_HINTS
    context.stderr.write(`${failureText(error, hints)}${isUsage ? ' Use --help for usage.' : ''}\n`)
    if (words.includes('--debug')) context.stderr.write(stackText(error))
    return isUsage ? EXIT.usage : EXIT.couldNotRun
  }
}
