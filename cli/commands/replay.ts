import { SINK_NAMES } from '../../shared/config/sinks-declared.ts'
import { categoryMeaning, HEARTBEAT_CATEGORY } from '../../shared/domain/category.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import { quoted } from '../../shared/encoding/quoted.ts'
import { COMMON_OPTIONS, COMMON_USAGE, type Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { operatorFor } from '../operator.ts'
import { oneOf, readOptions, wholeNumber } from '../read-options.ts'
import { replayJson, replayText, resumeHint } from '../render/replay-report.ts'
import type { Surroundings } from '../surroundings.ts'
import { counted } from '../text/duration.ts'
import { progressOn } from '../text/progress.ts'
import { TIME_USAGE, timeArgument } from '../time-argument.ts'
import { UsageError } from '../usage-error.ts'

const OPTIONS = {
  ...COMMON_OPTIONS,
  sink: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  category: { type: 'string', multiple: true, default: [] as string[] },
  identity: { type: 'string' },
  'as-archived': { type: 'boolean', default: false },
  after: { type: 'string' },
  rate: { type: 'string', default: '1000' },
  'dry-run': { type: 'boolean', default: false },
} as const

const isCategory = (name: string): boolean =>
  categoryMeaning(name) !== undefined || name.toLowerCase() === HEARTBEAT_CATEGORY.toLowerCase()

function requestOf(args: readonly string[], around: Surroundings) {
  const { values, positionals } = readOptions(args, OPTIONS)
  if (positionals.length > 0) throw new UsageError('This command takes no arguments.')
  const { sink, from, to, category, identity, after } = values
  if (sink === undefined || from === undefined || to === undefined)
    throw new UsageError('Expected --sink, --from and --to.')
  const stranger = category.find((name) => !isCategory(name))
  if (stranger !== undefined) throw new UsageError(`--category: there is no category ${stranger}.`)
  const now = instant(around.time.now())
  const request = {
    sink: oneOf(sink, 'sink', SINK_NAMES),
    from: timeArgument(from, 'from', now),
    to: timeArgument(to, 'to', now),
    mode: values['as-archived'] ? ('asArchived' as const) : ('renormalise' as const),
    categories: category,
    identity: identity?.toLowerCase(),
    after,
    eventsPerSecond: wholeNumber(values.rate, 'rate', 1, 1_000_000),
    dryRun: values['dry-run'],
  }
  if (request.from >= request.to) throw new UsageError('--from must be before --to.')
  return { request, values }
}

export const replay: Command = {
  name: 'replay',
  summary: 'Redeliver archived events to a sink for a time range',
  usage: `risk-export replay --sink NAME --from T --to T [options]

Hands pointers at archived records to the sink's outbox; the app delivers them, beside what the stream brings, past settled ranges and
duplicate windows. Receivers drop repetitions by their event id. Needs no secret of the sink.

  --sink NAME      ${SINK_NAMES.join(' or ')}
  --from T         of the time at which the hub took the message; inclusive
  --to T           exclusive
  --category NAME  only these events; may be repeated
  --identity ID    only events of this identity (object id or app id)
  --as-archived    deliver events as they were normalised when they came; without it records are normalised again by the
                   code of the day, and records that were faults and are none today are delivered too
  --rate N         events handed over per second (default 1000)
  --after BLOB     go on behind this archive blob: an interrupted replay says where it was
  --dry-run        count, and hand nothing over
${COMMON_USAGE}

${TIME_USAGE}`,
  async run(args, around) {
    const { request, values } = requestOf(args, around)
    const operator = await operatorFor(values, around)
    if (request.after !== undefined && !(await operator.isArchived(request.after)))
      throw new UsageError(
        `--after: the archive has no blob ${quoted(request.after)}. Take the name from what the interrupted replay said.`,
      )
    const progress = progressOn(around.stderr)
    const report = await operator.replay(
      request,
      (so) => progress.show(`${counted(so.matched, 'event')} from ${counted(so.blobs, 'blob')}`),
      around.interruption(),
    )
    progress.done()
    const isOn = operator.sinksOn.includes(request.sink)
    around.stdout.write(
      values.json
        ? `${JSON.stringify(replayJson(request, report))}\n`
        : replayText(
            { ...request, from: isoInstant(request.from), to: isoInstant(request.to), isOn },
            report,
          ),
    )
    if (report.finished) return EXIT.done
    around.stderr.write(`${resumeHint(args, request, report.lastBlob)}\n`)
    return EXIT.interrupted
  },
}
