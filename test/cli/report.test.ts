import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { envelope, messageAt, riskRecord } from '../support/ingest-world.ts'
import { type CliOptions, cli } from './cli-under-test.ts'
import { type Situation, situation } from './stored-situation.ts'

const BEYOND = '\u001b[31m=1+1;<b>'

let stored: Situation
let options: CliOptions
beforeAll(async () => {
  stored = await situation()
  options = { env: stored.env, nowMs: () => stored.world.time.now() }
  const state = (id: string, displayName: string, riskState: string, at: string) =>
    JSON.stringify({
      category: 'RiskyServicePrincipals',
      tenantId: '11111111-2222-4333-8444-555555555555',
      properties: {
        id,
        displayName,
        appId: '99999999-8888-4777-8666-555555555555',
        servicePrincipalType: 'Application',
        accountEnabled: true,
        riskLastUpdatedDateTime: at,
        riskState,
        riskLevel: riskState === 'atRisk' ? 'high' : 'none',
        riskDetail: 'none',
      },
    })
  await stored.world.ingest([
    messageAt(
      5,
      envelope(
        state('sp-1', 'Payroll nightly sync', 'dismissed', '2026-03-01T09:40:00Z'),
        state('sp-1', 'Payroll nightly sync', 'atRisk', '2026-03-01T09:20:00Z'),
        state('sp-2', BEYOND, 'atRisk', '2026-03-01T09:30:00Z'),
        riskRecord(9)
          .replace('ServicePrincipalRiskEvents', 'AgentRiskEvents')
          .replace('servicePrincipalId', 'agentId'),
      ),
    ),
  ])
})
afterAll(() => stored.azurite.stop())

const report = (...words: string[]) => cli(['report', ...words], options)

describe('report', () => {
  it.each(['risky', 'detections'])('%s is a table on a terminal', async (name) => {
    const { code, stdout, stderr } = await report(name)
    expect([code, stderr]).toEqual([0, ''])
    await expect(stdout).toMatchFileSnapshot(`../golden/cli/report-${name}.txt`)
  })

  it.each(['risky', 'detections'])(
    '%s --csv, --html and --json have the same rows, and every column',
    async (name) => {
      const [csv, page, json] = await Promise.all(
        ['--csv', '--html', '--json'].map((form) => report(name, form)),
      )
      await expect(csv?.stdout).toMatchFileSnapshot(`../golden/cli/report-${name}.csv`)
      await expect(page?.stdout).toMatchFileSnapshot(`../golden/cli/report-${name}.html`)
      await expect(json?.stdout).toMatchFileSnapshot(`../golden/cli/report-${name}.json`)
      const { rows } = JSON.parse(json?.stdout ?? '') as { readonly rows: readonly object[] }
      expect(rows).toHaveLength((csv?.stdout.trimEnd().split('\r\n').length ?? 0) - 1)
      expect(rows).toHaveLength((page?.stdout.match(/<tr>/g)?.length ?? 0) - 1)
    },
  )

  it('obeys no control character of a name, and gives it to programs as it was sent', async () => {
    for (const form of ['--csv', '--html'])
      expect((await report('risky', form)).stdout).not.toContain('\u001b')
    expect((await report('risky')).stdout).not.toContain('\u001b')
    const { rows } = JSON.parse((await report('risky', '--json')).stdout)
    expect(rows.map((row: { readonly displayName: string }) => row.displayName)).toContain(BEYOND)
  })

  it('says so where there is nothing in the range', async () => {
    const { code, stdout } = await report('risky', '--from', '2026-01-01', '--to', '2026-02-01')
    expect([code, stdout]).toEqual([
      0,
      'Risky workload identities: none in 2026-01-01T00:00:00.000Z to 2026-02-01T00:00:00.000Z, 0 archive blobs.\n',
    ])
  })

  it.each([
    [[], 'Expected one report: risky or detections.'],
    [['users'], 'Expected one report: risky or detections.'],
    [['risky', 'detections'], 'Expected one report: risky or detections.'],
    [['risky', '--csv', '--html'], '--csv, --html and --json: use only one of them.'],
    [['risky', '--csv', '--json'], '--csv, --html and --json: use only one of them.'],
    [['risky', '--from', '1h', '--to', '2h'], '--from must be before --to.'],
  ])('does not run as report %j', async (words, problem) => {
    const { code, stderr, stdout } = await report(...words)
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(problem)])
  })
})
