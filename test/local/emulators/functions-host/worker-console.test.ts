import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { HostLogLine } from '../../../../local/emulators/functions-host/host-log.ts'
import { parseHostJson } from '../../../../local/emulators/functions-host/parse-host-json.ts'
import { consoleLogLine, isLogged } from '../../../../local/emulators/functions-host/worker-console.ts'
import { startHostProcess } from '../../../../local/stack/host-process.ts'
import { ConfigError } from '../../../../shared/config/config-error.ts'
import { consoleLine } from '../../../../shared/telemetry/console-line.ts'
import { logTelemetry } from '../../../../shared/telemetry/log-telemetry.ts'
import type { Problem } from '../../../../shared/telemetry/telemetry.ts'

const { logLevels } = parseHostJson(readFileSync('host.json', 'utf8'))

/** What an operator sees of a text that a worker wrote. */
const seen = (stream: 'stdout' | 'stderr', text: string): readonly HostLogLine[] =>
  text
    .split('\n')
    .map((line) => consoleLogLine(stream, line))
    .filter((line) => isLogged(line, logLevels))

describe('what a worker writes to its console', () => {
  it.each([
    ['stdout', 'It failed with an error', 'information'],
    ['stderr', 'It WARNs of an error', 'warning'],
    ['stderr', 'An Error', 'error'],
    ['stderr', 'It Failed', 'error'],
    ['stderr', 'severely', 'error'],
    ['stderr', 'nothing of that', 'information'],
  ] as const)('to %s has its level by its words: %s', (stream, message, level) => {
    expect(consoleLogLine(stream, message)).toEqual({ level, category: 'console', message })
  })

  it('is let through by the longest name that host.json has for its category', () => {
    const line = consoleLogLine('stderr', 'nothing of that')
    expect(isLogged(line, { default: 'warning' })).toBe(false)
    expect(isLogged(line, { default: 'warning', Host: 'information' })).toBe(true)
    expect(isLogged(line, { Host: 'information', 'Host.Function': 'error' })).toBe(false)
    expect(isLogged(line, { default: 'warning', Hos: 'information' })).toBe(false)
    expect(isLogged({ ...line, category: 'user', functionName: 'ingest' }, logLevels)).toBe(true)
    expect(isLogged({ ...line, level: 'debug', category: 'user', functionName: 'ingest' }, logLevels)).toBe(
      false,
    )
  })
})

describe('bad settings on the Functions host', () => {
  it('are one line, an error by its words, that names them all', () => {
    const { stack } = new ConfigError(['A: expected\na GUID', 'B is not set'])
    expect(seen('stderr', stack ?? '')).toEqual([
      {
        level: 'error',
        category: 'console',
        message: 'ConfigError: Reading app settings failed, 2 problems: A: expected a GUID; B is not set',
      },
    ])
  })

  it('are never more than a log takes, and say how many are left out', () => {
    const problems = Array.from({ length: 2_000 }, (_, n) => `SETTING_${n} is not set`)
    const { message } = new ConfigError(problems)
    expect(message.length).toBeLessThan(8_200)
    const shown = message.match(/SETTING_/g)?.length ?? 0
    expect(message).toMatch(new RegExp(`; and ${2_000 - shown} more$`))
  })

  it('are seen when the built app is loaded with them', async () => {
    const lines: string[] = []
    const starting = startHostProcess({
      environment: { ENTRA_TENANT_ID: 'nope', SWEEP_SCHEDULE: 'a b c d e f', EVENT_HUB_NAME: 'entra-risk' },
      onLog: (level, line) => lines.push(`${level} ${line}`),
    })
    await expect(starting).rejects.toThrow('Reading app settings failed, 5 problems')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(
      /^error ConfigError: .*ENTRA_TENANT_ID: .*; SWEEP_SCHEDULE: .*; EventHub__\w+ is not set.*; AzureWebJobsStorage__.*; ARCHIVE_/,
    )
  })
})

describe('problems that belong to no invocation', () => {
  const problems: readonly Problem[] = [
    'settledNotRead',
    'wakeUpLost',
    'heartbeatNotSent',
    'reconcileFailed',
    'messageIsolated',
    'sinkDefect',
  ]

  it.each(problems)('%s arrives in one line at its own level', (problem) => {
    logTelemetry((level, line) => {
      expect(seen('stderr', consoleLine(level, `${line}\nmore`))).toMatchObject([{ level }])
    }).problem(problem, new Error('It failed with an error.'))
    expect.assertions(1)
  })

  it('and drains that went well are information', () => {
    const line = 'Redelivered webhook p=0: delivered=1 deadLettered=0 stillPending=0 in 3 ms.'
    expect(seen('stdout', consoleLine('information', line))).toMatchObject([
      { level: 'information', message: line },
    ])
  })
})
