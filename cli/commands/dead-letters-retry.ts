import type { DeadLetter } from '../../shared/delivery/dead-letters/dead-letter.ts'
import { RECORDS_FOLDER } from '../../shared/delivery/dead-letters/dead-letter-blobs.ts'
import type { DeadLetterReader } from '../../shared/delivery/dead-letters/dead-letter-reader.ts'
import { FAULT_CODES } from '../../shared/domain/fault.ts'
import { COMMON_OPTIONS, COMMON_USAGE, type Command } from '../command.ts'
import { LETTER_FOLDERS } from '../dead-letter-folders.ts'
import { EXIT } from '../exit-codes.ts'
import { findDeadLetter, letterId, noSuchDeadLetter } from '../find-dead-letter.ts'
import { operatorFor } from '../operator.ts'
import { oneOf, onlyWord, readOptions } from '../read-options.ts'
import { addRetries, EMPTY_RETRY_TALLY, retryText } from '../render/retry-report.ts'
import type { Surroundings } from '../surroundings.ts'
import { counted } from '../text/duration.ts'
import { progressOn } from '../text/progress.ts'
import { UsageError } from '../usage-error.ts'

const OPTIONS = {
  ...COMMON_OPTIONS,
  all: { type: 'boolean', default: false },
  sink: { type: 'string' },
  code: { type: 'string' },
} as const

type DeadLetterGroup = readonly DeadLetter[]

async function* openDeadLetters(
  book: DeadLetterReader,
  folder: string,
  code: string | undefined,
): AsyncGenerator<DeadLetterGroup> {
  for await (const group of book.newestFirst(folder)) {
    const open = group.filter(
      ({ state, deadLetter }) =>
        state === 'open' && (code ?? deadLetter.fault.code) === deadLetter.fault.code,
    )
    if (open.length > 0) yield open.map(({ deadLetter }) => deadLetter)
  }
}

function requestOf(args: readonly string[]) {
  const { values, positionals } = readOptions(args, OPTIONS)
  const code = values.code === undefined ? undefined : oneOf(values.code, 'code', FAULT_CODES)
  if (!values.all) {
    if (values.sink !== undefined || code !== undefined)
      throw new UsageError('--sink and --code go with --all.')
    return { values, id: letterId(onlyWord(positionals, 'ID')) } as const
  }
  if (positionals.length > 0) throw new UsageError('Expected an ID or --all, not both.')
  if (values.sink === undefined) throw new UsageError('--all: expected --sink, too.')
  return { values, folder: oneOf(values.sink, 'sink', LETTER_FOLDERS), code } as const
}

async function groupsOf(
  request: ReturnType<typeof requestOf>,
  book: DeadLetterReader,
): Promise<AsyncIterable<DeadLetterGroup> | Iterable<DeadLetterGroup> | undefined> {
  if (request.id === undefined) return openDeadLetters(book, request.folder, request.code)
  const filed = await findDeadLetter(book, request.id)
  return filed === undefined ? undefined : [[filed.deadLetter]]
}

async function retry(args: readonly string[], around: Surroundings) {
  const request = requestOf(args)
  const operator = await operatorFor(request.values, around)
  const deadLetterGroups = await groupsOf(request, await operator.deadLetters())
  if (deadLetterGroups === undefined) {
    around.stderr.write(noSuchDeadLetter(request.id ?? ''))
    return EXIT.problem
  }
  const progress = progressOn(around.stderr)
  let tally = EMPTY_RETRY_TALLY
  for await (const group of deadLetterGroups) {
    tally = addRetries(tally, await operator.retry(group))
    progress.show(`${counted(tally.retried, 'dead letter')} handed over`)
  }
  progress.done()
  around.stdout.write(request.values.json ? `${JSON.stringify(tally)}\n` : retryText(tally))
  return tally.stillFaulty > 0 ? EXIT.problem : EXIT.done
}

export const deadLettersRetry: Command = {
  name: 'dead-letters retry',
  summary: 'Hand dead letters over to their sinks again',
  usage: `risk-export dead-letters retry ID [options]
risk-export dead-letters retry --all --sink NAME [--code CODE] [options]

Events are handed to their sink's outbox as archived; events refused again are dead-lettered again. Records that never became events
(--sink ${RECORDS_FOLDER}) are normalised by current code, and go to every sink that is on.

  --all            all open ones of --sink
  --sink NAME      ${LETTER_FOLDERS.join(', ')}
  --code CODE      only with this fault
${COMMON_USAGE}

Exit code 1: there is no such dead letter, or a record cannot be normalised today either.`,
  run: retry,
}
