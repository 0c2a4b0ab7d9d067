import type { Instant, TenantId } from '../../shared/domain/identifiers.ts'
import { printable } from '../../shared/encoding/printable.ts'
import { type Answer, answersTo } from '../../shared/operations/investigate/answers.ts'
import { identityFacts } from '../../shared/operations/investigate/identity-facts.ts'
import type { Investigation } from '../../shared/operations/investigate/investigation.ts'
import { remediationOf } from '../../shared/operations/investigate/remediation.ts'
import type { Step } from '../../shared/operations/investigate/remediation-case.ts'
import type { Names } from '../../shared/operations/investigate/section-lines.ts'
import { summaryOf } from '../../shared/operations/investigate/summary.ts'
import { type TimelineEntry, timelineOf } from '../../shared/operations/investigate/timeline.ts'
import { type Told, type Tone, timeText } from '../../shared/operations/investigate/told.ts'
import type { Colour, Paint } from '../text/paint.ts'
import { plain } from '../text/plain.ts'
import type { Suggest } from '../text/suggest.ts'
import { table } from '../text/table.ts'
import { wrap } from '../text/wrap.ts'

/** What the screen says beside the investigation itself. */
export interface Screen {
  readonly tenantId: TenantId
  readonly from: Instant
  readonly to: Instant
  /** Whether older events were left out. */
  readonly more: boolean
  readonly names: Names
  readonly asTyped: Suggest
  readonly paint: Paint
  readonly columns: number | undefined
}

const MARK: Readonly<Record<Tone, string>> = { finding: '!', good: '+', unknown: '?', plain: '-' }
const COLOUR: Readonly<Record<Tone, Colour | undefined>> = {
  finding: 'red',
  good: 'green',
  unknown: 'dim',
  plain: undefined,
}
const LEVEL_COLOUR: Readonly<Record<string, Colour>> = { high: 'red', medium: 'yellow' }
/** Of a long story, the end; the page has all of it. */
const MAX_ENTRIES = 16

/** Column in which the facts stand. */
const FACTS_AT = 26
/** Narrower terminals are not wrapped for. */
const MIN_ROOM = 40

const painted = (paint: Paint, colour: Colour | undefined, text: string): string =>
  colour === undefined ? text : paint(colour, text)

function toldLines(lines: readonly Told[], indent: number, { paint, columns }: Screen): readonly string[] {
  const room = columns === undefined ? undefined : Math.max(MIN_ROOM, columns - indent)
  return lines.flatMap(({ text, tone }) =>
    wrap(`${MARK[tone]} ${plain(text)}`, room, '  ').map(
      (line) => ' '.repeat(indent) + painted(paint, COLOUR[tone], line),
    ),
  )
}

/** Lines after a name that stands in a column of its own. */
function named(name: string, width: number, lines: readonly Told[], screen: Screen): readonly string[] {
  const [first = '', ...rest] = toldLines(lines, width, screen)
  return [`  ${name}`.padEnd(width) + first.slice(width), ...rest]
}

function entryRow({ at, title, level, notes }: TimelineEntry, paint: Paint): readonly string[] {
  const shown = level === undefined ? '' : painted(paint, LEVEL_COLOUR[level], plain(level))
  return [`  ${timeText(at)}`, plain(title), shown, plain(notes.join('; '))]
}

function timelineText(of: Investigation, { paint }: Screen): readonly string[] {
  const all = timelineOf(of)
  const left = Math.max(0, all.length - MAX_ENTRIES)
  // The beginning is what the rest is measured by.
  const shown = left === 0 ? all : [...all.slice(0, 1), ...all.slice(left + 1)]
  const [first = '', ...rest] = table(shown.map((entry) => entryRow(entry, paint)))
  return [first, ...(left === 0 ? [] : [`  … ${left} more: use --html or --json`]), ...rest]
}

const answerLines = ({ question, lines, hunts, id }: Answer, number: number, screen: Screen) => {
  const queries = `KQL: ${hunts.map((hunt) => hunt.id).join(', ')}`
  return [
    `  ${screen.paint('bold', `${id === 'further' ? '' : `${number}. `}${question}`)}  ${screen.paint('dim', queries)}`,
    ...toldLines(lines, 5, screen),
  ]
}

const BOX: Readonly<Record<Step['state'], string>> = {
  done: '[x]',
  open: '[ ]',
  attention: '[!]',
  notApplicable: '[-]',
}
const BOX_COLOUR: Readonly<Record<Step['state'], Colour>> = {
  done: 'green',
  open: 'bold',
  attention: 'red',
  notApplicable: 'dim',
}

// Commands are never cut: half a command is another command.
const stepLines = ({ title, state, lines, commands }: Step, number: number, screen: Screen) => [
  screen.paint(BOX_COLOUR[state], `  ${BOX[state]} ${number}. ${title}`),
  ...toldLines(lines, 6, screen),
  ...(state === 'done' ? [] : commands.map((line) => `        ${printable(line)}`)),
]

const headline = (of: Investigation, { paint, tenantId }: Screen): readonly string[] => {
  const { identity, risk } = of
  const { level, state } = risk ?? {}
  const word = [level, state]
    .filter((one) => one !== undefined)
    .map((one) => plain(one))
    .join(', ')
  const ids = [
    `${identity.type === 'agent' ? 'agent' : 'service principal'} ${plain(identity.id)}`,
    identity.appId === undefined ? undefined : `application ${plain(identity.appId)}`,
    identity.blueprintId === undefined ? undefined : `blueprint ${plain(identity.blueprintId)}`,
  ].filter((one) => one !== undefined)
  const since = risk === undefined ? '' : ` since ${timeText(risk.at)}`
  return [
    `${paint('bold', plain(identity.displayName ?? identity.id))}: ${painted(paint, LEVEL_COLOUR[level ?? ''], word === '' ? 'no state' : word)}${since}`,
    `  ${ids.join(', ')}`,
    `  tenant ${tenantId}`,
  ]
}

/** What the facts below do not say. */
const atFirst = (of: Investigation, screen: Screen): readonly string[] =>
  summaryOf(of)
    .slice(0, 2)
    .flatMap(({ label, told, note }) => {
      const text = `${label}: ${told.text}${note === undefined ? '' : ` (${note})`}`
      return toldLines([{ ...told, text }], 2, screen)
    })

/** An investigation for people, on a terminal; a wide one shows it best. */
export function investigationText(of: Investigation, screen: Screen): string {
  const { paint, more, from, to, names, asTyped } = screen
  const heading = (text: string) => ['', paint('bold', text)]
  return [
    ...headline(of, screen),
    ...atFirst(of, screen),
    ...heading(`TIMELINE, ${timeText(from)} to ${timeText(to)}, UTC`),
    ...timelineText(of, screen),
    ...(more ? ['  There are older events: use --since for a shorter time range.'] : []),
    ...heading('WHO IT IS'),
    ...identityFacts(of, names).flatMap(({ label, lines }) => named(label, FACTS_AT, lines, screen)),
    ...heading("MICROSOFT'S FOUR QUESTIONS"),
    ...answersTo(of).flatMap((answer, i) => answerLines(answer, i + 1, screen)),
    ...heading('REMEDIATION, IN THIS ORDER'),
    ...remediationOf(of, asTyped).flatMap((step, i) => stepLines(step, i + 1, screen)),
    '',
    `Queries to paste: ${printable(asTyped('investigate', of.identity.id, '--kql'))}`,
    '',
  ].join('\n')
}
