import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ABORTED, untilAborted } from '../shared/domain/until-aborted.ts'
import { needsAttention, type Status } from '../shared/operations/status/status.ts'
import { sideBySide } from '../shared/pipeline/side-by-side.ts'
import type { CommandContext } from './command-context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { appHints, failureText } from './failure-text.ts'
import { operatorFor } from './operator.ts'
import { suggestFor } from './text/suggest.ts'
import { CannotRunError } from './usage-error.ts'

const AT_ONCE = 4
const TIMEOUT_MS = 60_000
/** More than anybody has, and few enough for one page. */
const MAX_DEPLOYMENTS = 200
const SUFFIX = '.json'

/** One of several deployments: its status, or why it could not be read. */
export type Deployment = { readonly name: string; readonly settings: string } & (
  | { readonly status: Status }
  | { readonly failure: string }
)

/** How bad it is, as the exit code of a command about this deployment alone. */
export function severityOf(deployment: Deployment): ExitCode {
  if ('failure' in deployment) return EXIT.couldNotRun
  return needsAttention(deployment.status) ? EXIT.problem : EXIT.done
}

/**
 * Reads the status of every deployment whose settings are in a folder, a few at a time. One that
 * cannot be read, or not within a minute, stops no other.
 * @returns worst first, then by name
 * @throws CannotRunError if the folder holds no settings
 */
export async function readDeployments(
  folder: string,
  context: CommandContext,
): Promise<readonly Deployment[]> {
  const files = await readdir(folder).catch(() => {
    throw new CannotRunError(`Reading the folder ${folder}: not found, not a folder, or not readable.`)
  })
  const names = files.filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length))
  if (names.length === 0 || names.length > MAX_DEPLOYMENTS)
    throw new CannotRunError(
      `The folder ${folder} holds ${names.length} files of settings (NAME.json); expected 1 to ${MAX_DEPLOYMENTS}.`,
    )
  const found: Deployment[] = []
  await sideBySide(names, AT_ONCE, async (name) => {
    found.push(await readDeployment(name, join(folder, name + SUFFIX), context))
  })
  return found.sort((a, b) => severityOf(b) - severityOf(a) || (a.name < b.name ? -1 : 1))
}

async function readDeployment(name: string, settings: string, context: CommandContext): Promise<Deployment> {
  const { signal, end } = context.time.limit(TIMEOUT_MS)
  try {
    const read = operatorFor({ local: false, settings }, context).then((operator) => operator.status())
    const status = await untilAborted(read, signal)
    return status === ABORTED
      ? { name, settings, failure: `No answer within ${TIMEOUT_MS / 1000} seconds.` }
      : { name, settings, status }
  } catch (error) {
    return { name, settings, failure: failureText(error, appHints(suggestFor({ local: false, settings }))) }
  } finally {
    end()
  }
}
