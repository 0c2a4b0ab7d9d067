import { counted, duration } from '../../shared/domain/duration.ts'
import type { Instant } from '../../shared/domain/identifiers.ts'
import { isOtherProgram, type Status } from '../../shared/operations/status/status.ts'
import { type Deployment, severityOf } from '../deployments.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { Colour, Paint } from '../text/paint.ts'
import { plain } from '../text/plain.ts'
import { suggestFor } from '../text/suggest.ts'
import { table } from '../text/table.ts'
import { wrap } from '../text/wrap.ts'

const HEADINGS = [
  'DEPLOYMENT',
  'STATE',
  'TENANT',
  'HEARTBEAT',
  'PROGRAM',
  'BEHIND',
  'PENDING',
  'DEAD LETTERS',
]
const NUMBERS = new Set([5, 6, 7])
const NOTHING = '-'

const STATES: Readonly<Partial<Record<ExitCode, readonly [Colour, string]>>> = {
  [EXIT.couldNotRun]: ['red', 'not read'],
  [EXIT.problem]: ['yellow', 'look at it'],
}

const sum = (counts: readonly number[]): string => String(counts.reduce((all, count) => all + count, 0))

function statusCells(status: Status, now: Instant, paint: Paint): readonly string[] {
  const { app, heartbeat, partitions, sinks } = status
  const ago = heartbeat.at === undefined ? 'none in 24 h' : `${duration(now - heartbeat.at)} ago`
  const version = plain(heartbeat.program?.version ?? NOTHING)
  return [
    app.tenantId,
    heartbeat.overdue ? paint('red', ago) : ago,
    isOtherProgram(status) ? paint('red', `${version}, not as deployed`) : version,
    sum(partitions.map(({ behind }) => behind ?? 0)),
    sum(sinks.map(({ pending }) => pending.events)),
    sum([status.faultyRecords, ...sinks.map(({ deadLetters }) => deadLetters)]),
  ]
}

function row(deployment: Deployment, now: Instant, paint: Paint): readonly string[] {
  const [colour, state] = STATES[severityOf(deployment)] ?? ['green', 'well']
  const cells = 'status' in deployment ? statusCells(deployment.status, now, paint) : []
  return [
    plain(deployment.name),
    paint(colour, state),
    ...(cells.length > 0 ? cells : HEADINGS.slice(2).map(() => NOTHING)),
  ]
}

/** `status --all` for people: a row each, worst first, then where to go on. */
export function deploymentsText(
  deployments: readonly Deployment[],
  now: Instant,
  paint: Paint,
  columns: number | undefined,
): string {
  const rows = deployments.map((deployment) => row(deployment, now, paint))
  const notes = deployments.flatMap((deployment) => {
    if ('failure' in deployment)
      return wrap(`${plain(deployment.name)}: ${deployment.failure}`, columns, '  ')
    if (severityOf(deployment) === EXIT.done) return []
    const suggest = suggestFor({ local: false, settings: deployment.settings })
    return [`${plain(deployment.name)}: ${suggest('status')}`]
  })
  const well = deployments.filter((deployment) => severityOf(deployment) === EXIT.done).length
  return [
    ...table([HEADINGS, ...rows], NUMBERS),
    '',
    `${counted(deployments.length, 'deployment')}, ${well} well`,
    ...notes,
    '',
  ].join('\n')
}
