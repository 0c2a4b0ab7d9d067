import { EXPORTED_CATEGORIES } from '../../shared/domain/category.ts'
import { counted } from '../../shared/domain/duration.ts'
import { type Instant, instant } from '../../shared/domain/identifiers.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import { quoted } from '../../shared/encoding/quoted.ts'
import { command, type Given } from '../command.ts'
import { confirmChange, NOTHING_CHANGED, YES_OPTION } from '../confirm.ts'
import { EXIT } from '../exit-codes.ts'
import { operatorFor } from '../operator.ts'
import type { Options } from '../options.ts'
import { wholeNumber } from '../read-options.ts'
import { replayJson, replayText, resumeHint } from '../render/replay-report.ts'
import { expectSink, SINK_OPTION } from '../sink-option.ts'
import { progressOn, soFar } from '../text/progress.ts'
import { TIME_USAGE, timeArgument } from '../time-argument.ts'
import { UsageError } from '../usage-error.ts'

const OPTIONS = {
  sink: SINK_OPTION,
  from: { type: 'string', value: 'T', help: 'start of the range, by enqueued time; inclusive' },
  to: { type: 'string', value: 'T', help: 'exclusive' },
  category: {
    type: 'string',
    value: 'NAME',
    multiple: true,
    default: [] as string[],
    choices: EXPORTED_CATEGORIES,
    help: 'only these events; may be repeated',
  },
  identity: { type: 'string', value: 'ID', help: 'only events of this identity (object id or app id)' },
  'as-archived': {
    type: 'boolean',
    default: false,
    help: 'deliver events as they were normalised on arrival; without it, records are normalised again with\ncurrent code, and records that were faults and can be read now are delivered too',
  },
  rate: {
    type: 'string',
    value: 'N',
    default: '1000',
    help: 'events queued per second (default 1000)',
  },
  after: {
    type: 'string',
    value: 'BLOB',
    help: 'continue after this archive blob; an interrupted replay prints its name',
  },
  'dry-run': { type: 'boolean', default: false, help: 'count events, queue nothing' },
  yes: YES_OPTION,
} as const satisfies Options

const isCategory = (name: string): boolean =>
  EXPORTED_CATEGORIES.some((category) => category.toLowerCase() === name.toLowerCase())

function requestOf({ values }: Given<typeof OPTIONS>, now: Instant) {
  const { sink, from, to, category, identity, after } = values
  if (sink === undefined || from === undefined || to === undefined)
    throw new UsageError('Expected --sink, --from and --to.')
  const stranger = category.find((name) => !isCategory(name))
  if (stranger !== undefined) throw new UsageError(`--category: there is no category ${stranger}.`)
  const request = {
    sink,
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
  return request
}

export const replay = command({
  name: 'replay',
  summary: 'Redeliver archived events to a sink for a time range',
  usage: ['--sink NAME --from T --to T'],
  about: `Adds pointers to archived records to the sink's outbox; the app delivers them in parallel with the stream, regardless of settled ranges
and duplicate windows. Receivers drop duplicates by event id. Needs no secret of the sink. Events are counted before any is
queued; many are queued only after confirmation or with --yes.`,
  options: OPTIONS,
  notes: TIME_USAGE,
  examples: [
    ['replay --sink webhook --from 24h --to now --dry-run', 'how many events would be redelivered'],
    ['replay --sink webhook --from 2026-03-01 --to 2026-03-02 --yes', 'a whole day, without confirmation'],
    [
      'replay --sink log-analytics --from 7d --to now --identity 93f2d6be-08c7-45a1-b3ec-7d1f4b8a2c60',
      'one identity',
    ],
  ],
  async run(given, context) {
    const { values, args, suggest } = given
    const request = requestOf(given, instant(context.time.now()))
    const operator = await operatorFor(values, context)
    expectSink(request.sink, operator.sinkNames)
    if (request.after !== undefined && !(await operator.isArchived(request.after)))
      throw new UsageError(
        `--after: the archive has no blob ${quoted(request.after)}. Take the name from the output of the interrupted replay.`,
      )
    const progress = progressOn(context.stderr)
    const signal = context.interruption()
    let totalBlobs = progress.isShown ? await operator.countBlobs(request) : undefined
    const go = async (dryRun: boolean) => {
      const report = await operator.replay(
        { ...request, dryRun },
        (so) =>
          progress.show(
            `${dryRun ? 'counted' : 'queued'} ${counted(so.matched, 'event')}, ${soFar(so.blobs, totalBlobs, 'archive blobs')}`,
          ),
        signal,
      )
      progress.done()
      return report
    }
    if (!request.dryRun && !values.yes) {
      const { matched, blobs, finished } = await go(true)
      if (
        !(
          finished &&
          (await confirmChange(matched, `Redeliver ${counted(matched, 'event')} to ${request.sink}`, context))
        )
      ) {
        context.stderr.write(NOTHING_CHANGED)
        return EXIT.interrupted
      }
      totalBlobs = blobs
    }
    const report = await go(request.dryRun)
    const isOn = operator.sinksOn.includes(request.sink)
    context.stdout.write(
      values.json
        ? `${JSON.stringify(replayJson(request, report))}\n`
        : replayText(
            { ...request, from: isoInstant(request.from), to: isoInstant(request.to), isOn },
            report,
            suggest,
          ),
    )
    if (report.finished) return EXIT.done
    context.stderr.write(`${resumeHint(args, request, report.lastBlob)}\n`)
    return EXIT.interrupted
  },
})
