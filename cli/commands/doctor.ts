import type { Finding } from '../../shared/operations/doctor/diagnose.ts'
import { appEnvironment } from '../app-environment.ts'
import { COMMON_OPTIONS, COMMON_USAGE, type Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { readOptions } from '../read-options.ts'
import { type Paint, paintFor } from '../text/paint.ts'
import { table } from '../text/table.ts'
import { UsageError } from '../usage-error.ts'

const COLOUR = { ok: 'green', warn: 'yellow', fail: 'red' } as const
const LEVELS = ['ok', 'warn', 'fail'] as const

const countsOf = (findings: readonly Finding[]) =>
  Object.fromEntries(LEVELS.map((level) => [level, findings.filter((f) => f.level === level).length]))

function asText(findings: readonly Finding[], paint: Paint): string {
  const rows = table(findings.map(({ level, area, name, says }) => [level, area, name, says]))
  const lines = findings.flatMap(({ level, fix }, i) => {
    const row = rows[i] ?? ''
    const painted = `${paint(COLOUR[level], level)}${row.slice(level.length)}`
    return fix === undefined ? [painted] : [painted, `      ${paint('bold', '→')} ${fix}`]
  })
  const counts = countsOf(findings)
  return [...lines, '', LEVELS.map((level) => `${counts[level]} ${level}`).join(', '), ''].join('\n')
}

export const doctor: Command = {
  name: 'doctor',
  summary: 'Check settings, identity, roles, hub, storage and sinks, and say what to fix',
  usage: `risk-export doctor [options]

Tries the nearest harmless thing to what the program does: nothing is sent, nothing is written.
The roles are those of whoever runs it. What only the app must be able to do is a warning when an operator cannot.

${COMMON_USAGE}

Exit code 1: at least one check failed; warnings do not count.`,
  async run(args, around) {
    const { values, positionals } = readOptions(args, COMMON_OPTIONS)
    if (positionals.length > 0) throw new UsageError('This command takes no arguments.')
    const { env, credential, caPem } = await appEnvironment(values, around)
    const { runDoctor } = await import('../../shared/composition/create-doctor.ts')
    const findings = await runDoctor({ env, credential, caPem, time: around.time })
    const isFailing = findings.some(({ level }) => level === 'fail')
    const { isTerminal, write } = around.stdout
    write(
      values.json
        ? `${JSON.stringify({ healthy: !isFailing, ...countsOf(findings), checks: findings })}\n`
        : asText(findings, paintFor(isTerminal, around.env.NO_COLOR)),
    )
    return isFailing ? EXIT.problem : EXIT.done
  },
}
