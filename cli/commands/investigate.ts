import { writeFile } from 'node:fs/promises'
import { type Instant, instant } from '../../shared/domain/identifiers.ts'
import { huntQuery } from '../../shared/operations/investigate/hunt-query.ts'
import { HUNTS } from '../../shared/operations/investigate/hunts.ts'
import {
  type Investigation,
  latestContext,
  type ReadContext,
} from '../../shared/operations/investigate/investigation.ts'
import { huntSubjectOf, investigationHtml } from '../../shared/operations/investigate/investigation-html.ts'
import type { Names } from '../../shared/operations/investigate/section-lines.ts'
import { knownIn } from '../../shared/operations/investigate/sections.ts'
import { command } from '../command.ts'
import type { CommandContext } from '../command-context.ts'
import { DEVICE_CODE_OPTION } from '../device-code-option.ts'
import { EXIT } from '../exit-codes.ts'
import { operatorFor } from '../operator.ts'
import { singleArgument } from '../read-options.ts'
import { candidatesText } from '../render/candidates-text.ts'
import { candidatesJson, investigationJson } from '../render/investigation-json.ts'
import { investigationText } from '../render/investigation-text.ts'
import { namesProblem } from '../render/names-problem.ts'
import { signInFor } from '../sign-in.ts'
import { paintFor } from '../text/paint.ts'
import { progressOn, soFar } from '../text/progress.ts'
import type { Suggest } from '../text/suggest.ts'
import { TIME_USAGE, timeRange } from '../time-argument.ts'
import { CannotRunError, UsageError } from '../usage-error.ts'

const ALL = 'all'
const HUNT_IDS = [ALL, ...HUNTS.map(({ id }) => id)]

interface Values {
  readonly local: boolean
  readonly 'device-code': boolean
  readonly names: boolean
  readonly settings?: string
}

/** Actions need a sign-in of their own, except on the embedded stack. */
const asTypedFor =
  (suggest: Suggest, { local }: Values): Suggest =>
  (...words) =>
    suggest(...words, ...(words[0] === 'respond' && !local ? ['--device-code'] : []))

/** Owners and sponsors, by name where the operator asks for that. */
async function namesOf(
  context: ReadContext | undefined,
  values: Values,
  world: CommandContext,
): Promise<Names> {
  if (!values.names) return new Map()
  const { owners, sponsors } = context?.sections ?? {}
  const people = [...(knownIn(owners) ?? []), ...(knownIn(sponsors) ?? [])]
  const { createGraphReader } = await import('../../shared/composition/create-graph-reader.ts')
  const reader = createGraphReader({ ...(await signInFor(values, world)), time: world.time })
  const { names, faults } = await reader.names(people, world.interruption())
  for (const fault of faults) world.stderr.write(`${namesProblem(fault)}\n`)
  return names
}

/** For its owner only: it says how an application can be attacked. */
async function writePage(path: string, page: string): Promise<void> {
  await writeFile(path, page, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw new CannotRunError(`Writing ${path}: ${error.code ?? 'it failed'}.`)
  })
}

function queriesOf(which: string, of: Investigation, at: Instant): string {
  const subject = huntSubjectOf(of, at)
  return HUNTS.filter(({ id }) => which === ALL || id === which)
    .map((hunt) => `// ${hunt.id}: ${hunt.title}\n${huntQuery(hunt, subject)}\n`)
    .join('\n')
}

export const investigate = command({
  name: 'investigate',
  summary: 'Show all about one identity at risk: timeline, context, answers, what to do',
  operand: 'other',
  usage: ['IDENTITY'],
  about: `Reads the archive for everything about one service principal or agent, and shows it on one screen: a timeline from the first activity on, who it is,
Microsoft's four questions with what the archive answers, and the steps of the remediation with their commands. IDENTITY is an object id, an
application id or a whole display name; of several that fit, the candidates are listed.`,
  options: {
    since: {
      type: 'string',
      value: 'T',
      default: '90d',
      help: 'only records that the hub took from here on (default 90d)',
    },
    html: { type: 'string', value: 'FILE', help: 'also write it as one page that needs nothing else' },
    kql: {
      type: 'string',
      value: 'HUNT',
      choices: HUNT_IDS,
      implied: ALL,
      help: 'print the queries for the logs of the tenant instead, filled in (default all)',
    },
    names: {
      type: 'boolean',
      default: false,
      help: 'fetch the names of owners and sponsors from Microsoft Graph, with your own sign-in',
    },
    'device-code': DEVICE_CODE_OPTION,
  },
  notes: `${TIME_USAGE}

Exit code 1: no identity was found, or several.`,
  examples: [
    ['investigate build-pipeline --html build-pipeline.html', 'the screen, and a page to hand on'],
    ['investigate d41c7a06-52be-4f0d-8c6e-0a3b91e7f254 --kql signin.timeline', 'one query, to paste'],
    ["investigate 'Expense Assistant' --since 180d --names --device-code", 'half a year, with names'],
  ],
  async run({ values, operands, suggest }, context) {
    const wanted = singleArgument(operands, 'IDENTITY')
    const { kql, html, json } = values
    if (kql !== undefined && !HUNT_IDS.includes(kql))
      throw new UsageError(`--kql: expected one of ${HUNT_IDS.join(', ')}.`)
    if (kql !== undefined && (json || html !== undefined))
      throw new UsageError('--kql prints queries only: leave out --json and --html.')
    if (values['device-code'] && !values.names) throw new UsageError('--device-code belongs to --names.')
    const now = instant(context.time.now())
    const { from, to } = timeRange({ from: values.since, to: 'now' }, now, 'since')
    const operator = await operatorFor(values, context)
    const progress = progressOn(context.stderr)
    const total = progress.isShown ? await operator.countBlobs({ from, to }) : undefined
    const reading = await operator.investigate({ wanted, from, to }, (blobs) =>
      progress.show(`searched ${soFar(blobs, total, 'archive blobs')}`),
    )
    progress.done()
    const { isTerminal, columns, write } = context.stdout
    if (reading.status !== 'found') {
      write(
        json
          ? `${JSON.stringify(candidatesJson(wanted, reading.candidates))}\n`
          : candidatesText(wanted, reading, { from, to }, suggest),
      )
      return EXIT.problem
    }
    const { investigation: of } = reading
    if (kql !== undefined) {
      write(queriesOf(kql, of, now))
      return EXIT.done
    }
    const names = await namesOf(latestContext(of), values, context)
    const { tenantId } = operator.settings
    const { more, blobs } = reading
    const said = { tenantId, from, to, more, blobs, names, asTyped: asTypedFor(suggest, values) }
    if (html !== undefined) await writePage(html, investigationHtml(of, { ...said, at: now }))
    write(
      json
        ? `${JSON.stringify(investigationJson(of, { ...said, subject: huntSubjectOf(of, now) }))}\n`
        : investigationText(of, { ...said, columns, paint: paintFor(isTerminal, context.env.NO_COLOR) }),
    )
    if (html !== undefined) context.stderr.write(`Written to ${html}.\n`)
    return EXIT.done
  },
})
