import { counted, duration } from '../../shared/domain/duration.ts'
import type { Instant } from '../../shared/domain/identifiers.ts'
import { printable } from '../../shared/encoding/printable.ts'
import type { ContextsStatus } from '../../shared/graph/context-requests/contexts-status.ts'
import { settingProblem } from '../../shared/graph/diagnostic-setting.ts'
import type { ReconcileReport } from '../../shared/graph/reconcile-report.ts'
import { whatToDo } from '../../shared/graph/what-to-do.ts'
import type { ReadingState } from '../../shared/operations/status/reading-state.ts'
import type { Sealing } from '../../shared/operations/status/sealing.ts'
import {
  isOtherProgram,
  MAX_DEAD_LETTERS_COUNTED,
  type SinkStatus,
  type Status,
} from '../../shared/operations/status/status.ts'
import type { Paint } from '../text/paint.ts'
import { plain } from '../text/plain.ts'
import type { Suggest } from '../text/suggest.ts'
import { table } from '../text/table.ts'
import { wrap } from '../text/wrap.ts'

const NOTHING = '-'

function stateText({ state, checkpoint, expired }: ReadingState, paint: Paint): string {
  switch (state) {
    case 'neverRead':
      return 'no checkpoint yet'
    case 'unknown':
      return paint('yellow', 'the checkpoint cannot be read')
    case 'beyondEnd':
      return paint('red', `checkpoint ${checkpoint} is beyond the end: the hub was re-created`)
    case 'reading':
      return expired === 0
        ? `read to ${checkpoint}`
        : paint('red', `read to ${checkpoint}; the hub dropped ${counted(expired, 'message')} unread`)
  }
}

const partitionRow = (p: ReadingState, now: Instant, paint: Paint): readonly string[] => [
  p.partition,
  p.behind === 0 ? '0' : paint('yellow', String(p.behind ?? '?')),
  p.lastEnqueuedAt === undefined ? NOTHING : `${duration(now - p.lastEnqueuedAt)} ago`,
  stateText(p, paint),
]

const sinkRow = (s: SinkStatus, now: Instant, paint: Paint): readonly string[] => [
  s.sink,
  s.on ? 'on' : paint('dim', 'off'),
  s.pending.events === 0 ? '0' : paint('yellow', String(s.pending.events)),
  s.pending.oldestAt === undefined ? NOTHING : duration(now - s.pending.oldestAt),
  s.pending.fault === undefined ? NOTHING : paint('yellow', s.pending.fault.code),
  String(s.replaying.events),
  s.deadLetters === 0 ? '0' : paint('red', String(s.deadLetters)),
  s.lastDelivery === undefined
    ? NOTHING
    : `${counted(s.lastDelivery.events, 'event')}, ${duration(now - s.lastDelivery.at)} ago`,
]

const wrapped = (text: string | undefined, columns: number | undefined): readonly string[] =>
  text === undefined ? [] : wrap(text, columns, '  ')

/** What the tables do not show. */
const notesOn = (found: Status, suggest: Suggest, columns: number | undefined): readonly string[] => [
  ...(found.heartbeat.overdue
    ? ['The app has missed its heartbeats: check that it runs, and that it may send to the hub.']
    : []),
  ...(isOtherProgram(found)
    ? [
        `The program that runs is not ${found.app.programSha256}, which is deployed: see "another program runs" in docs/operations.md.`,
      ]
    : []),
  ...wrapped(settingProblem(found.reconciled?.diagnosticSetting), columns),
  ...(found.sealing?.overdue === true
    ? ['The log of the archive was not sealed for more than two hours: see sealFailed in docs/operations.md.']
    : []),
  ...(found.reconciled?.unread ?? []).flatMap(({ name, fault }) =>
    wrap(`Graph: ${name} cannot be read. ${whatToDo(name, fault)}`, columns, '  '),
  ),
  ...(found.contexts?.lacking ?? []).map(
    (what) => `Contexts of identities are incomplete: the app needs ${plain(what)} (docs/graph.md).`,
  ),
  ...found.sinks.flatMap(({ sink, pending }) =>
    pending.fault === undefined ? [] : wrap(`${sink}: ${printable(pending.fault.message)}`, columns, '  '),
  ),
  ...(found.faultyRecords > 0
    ? [
        `${counted(found.faultyRecords, 'record')} never became events: ${suggest('dead-letters', 'list', '--sink', 'records')}`,
      ]
    : []),
  ...(found.countedAll
    ? []
    : [`There are more than ${MAX_DEAD_LETTERS_COUNTED} dead letters: the rest were not counted.`]),
  ...(found.unreadableDeadLetters > 0
    ? [
        `${counted(found.unreadableDeadLetters, 'dead letter')} cannot be read: see the container "deadletters".`,
      ]
    : []),
  ...(found.rowsSetAside > 0
    ? [
        `${counted(found.rowsSetAside, 'row')} of the outbox cannot be read: see the table "outbox", row keys that begin with "~".`,
      ]
    : []),
  ...found.clockAhead.map(
    ({ sink, partition }) =>
      `${plain(sink)} p=${plain(partition)} was leased or postponed by an instance whose clock is ahead: the next sweep takes it over.`,
  ),
]

function heartbeatText({ at, overdue }: Status['heartbeat'], now: Instant, paint: Paint): string {
  const text =
    at === undefined ? 'No heartbeat in the last 24 hours' : `Last heartbeat ${duration(now - at)} ago`
  return overdue ? paint('red', text) : text
}

/** Enough to tell two programs apart by eye. */
const SHOWN_DIGITS = 12

function programText(found: Status, paint: Paint): readonly string[] {
  const { program = {} } = found.heartbeat
  if (program.version === undefined && program.sha256 === undefined) return []
  const name = [program.version, program.sha256?.slice(0, SHOWN_DIGITS)].filter((part) => part !== undefined)
  const text = `Program ${name.map(plain).join(', SHA-256 ')}`
  if (isOtherProgram(found)) return [paint('red', `${text}: not the one that is deployed`)]
  return [found.app.programSha256 === undefined ? text : `${text}, as deployed`]
}

function sealingText({ end, overdue }: Sealing, now: Instant, paint: Paint): string {
  if (end === undefined) return 'The archive is not sealed yet'
  const signed = end.keyId === undefined ? ', not signed' : ''
  const text = `Archive sealed ${duration(now - end.writtenAt)} ago: ${counted(end.size, 'log entry', 'log entries')}${signed}`
  return overdue ? paint('red', text) : text
}

function reconciledText(report: ReconcileReport, now: Instant, paint: Paint): string {
  const { at, inBoth, onlyInGraph, streamLossPerMille } = report
  const compared = `Compared with Graph ${duration(now - at)} ago`
  if (onlyInGraph === 0) return `${compared}: the stream has brought all ${counted(inBoth, 'fact')}`
  const lost = `the stream has lost ${onlyInGraph} of ${counted(inBoth + onlyInGraph, 'fact')} (${streamLossPerMille} ‰)`
  return `${compared}: ${paint('yellow', lost)}`
}

function contextsText(contexts: ContextsStatus, now: Instant, paint: Paint): string {
  const { waiting, oldestAskedAt, lastReadAt, notBefore } = contexts
  const last = lastReadAt === undefined ? 'never read' : `last read ${duration(now - lastReadAt)} ago`
  if (oldestAskedAt === undefined) return `Contexts of identities: none waits, ${last}`
  const pause = notBefore !== undefined && notBefore > now ? '; Graph or the hub did not answer' : ''
  const wait = `${waiting} wait, the oldest for ${duration(now - oldestAskedAt)}${pause}`
  return `Contexts of identities: ${paint('yellow', wait)}, ${last}`
}

/** `status` for people. @param columns of the terminal, if there is one */
export function statusText(
  found: Status,
  now: Instant,
  paint: Paint,
  suggest: Suggest,
  columns: number | undefined,
): string {
  const { tenantId, namespace, hub, consumerGroup } = found.app
  const hubTable = table(
    [
      ['PARTITION', 'BEHIND', 'LAST MESSAGE', 'READING'],
      ...found.partitions.map((p) => partitionRow(p, now, paint)),
    ],
    new Set([1]),
  )
  const sinkTable = table(
    [
      ['SINK', 'STATE', 'PENDING', 'OLDEST', 'FAULT', 'REPLAYING', 'DEAD LETTERS', 'LAST DELIVERY'],
      ...found.sinks.map((s) => sinkRow(s, now, paint)),
    ],
    new Set([2, 5, 6]),
  )
  const notes = notesOn(found, suggest, columns)
  return [
    `Tenant ${tenantId}`,
    `Hub ${hub} in ${namespace}, consumer group ${consumerGroup}`,
    heartbeatText(found.heartbeat, now, paint),
    ...programText(found, paint),
    ...(found.sealing === undefined ? [] : [sealingText(found.sealing, now, paint)]),
    ...(found.reconciled === undefined ? [] : [reconciledText(found.reconciled, now, paint)]),
    ...(found.contexts === undefined ? [] : [contextsText(found.contexts, now, paint)]),
    '',
    ...hubTable,
    '',
    ...sinkTable,
    ...(notes.length === 0 ? [] : ['', ...notes]),
    '',
  ].join('\n')
}
