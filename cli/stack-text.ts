import { errorCode } from '../shared/azure/error-code.ts'
import { ConfigError } from '../shared/config/config-error.ts'
import { CannotRunError, UsageError } from './usage-error.ts'

/** Errors whose stack helps nobody. */
const EXPECTED = [CannotRunError, ConfigError, UsageError] as const
const MAX_CAUSES = 5
/** A V8 stack frame: ends with line and column, or one of a few words in brackets. */
const FRAME = /^ {4}at (?:.+:\d+:\d+\)?|.+ \((?:<anonymous>|native|index \d+)\))$/

/** The frames of an error's stack, without its message, which may quote the request. */
function frames({ message, stack = '' }: Error): readonly string[] {
  const said = stack.indexOf(message)
  const lines = (said === -1 ? stack : stack.slice(said + message.length)).split('\n')
  // A message may look like frames, and may have changed since: only the last lines are frames.
  return lines.slice(lines.findLastIndex((line) => !FRAME.test(line)) + 1)
}

/** Where an unexpected error happened, and its causes: names, codes and frames, never a message. */
export function stackText(error: unknown): string {
  const lines: string[] = []
  let cause: unknown = error
  for (let depth = 0; depth < MAX_CAUSES && cause instanceof Error; depth++) {
    const met: Error = cause
    if (EXPECTED.some((kind) => met instanceof kind)) break
    const code = errorCode(met)
    lines.push(
      `${depth === 0 ? '' : 'caused by '}${met.name}${code === undefined ? '' : ` (${code})`}`,
      ...frames(met),
    )
    cause = met.cause
  }
  return lines.map((line) => `${line}\n`).join('')
}
