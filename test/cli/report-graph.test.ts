import { describe, expect, it } from 'vitest'
import { SEEDED } from '../../local/emulators/graph/seed-names.ts'
import { LOCAL_OPERATOR_ID } from '../../shared/config/local-connection.ts'
import { cli } from './cli-under-test.ts'
import { responding } from './responding.ts'

const world = responding()
const graph = (...words: string[]) =>
  world.run(['report', ...words, '--source', 'graph', '--from', '2020-01-01'])
const rowsOf = ({ stdout }: { readonly stdout: string }) =>
  JSON.parse(stdout) as {
    readonly source: string
    readonly rows: readonly Readonly<Record<string, string>>[]
    readonly unread: readonly { readonly name: string; readonly why: string }[]
  }

describe('report --source graph', () => {
  it('has every risky identity that Graph has, at its state in the list, by reading alone', async () => {
    const { code, stdout, stderr } = await graph('risky', '--json')
    expect([code, stderr, world.writes()]).toEqual([0, '', []])
    const { source, rows, unread } = rowsOf({ stdout })
    expect([source, unread]).toEqual(['graph', []])
    const inGraph = [
      ...world.graph.tenant.all('riskyServicePrincipals'),
      ...world.graph.tenant.all('riskyAgents'),
    ]
    expect(inGraph.length).toBeGreaterThan(0)
    expect(rows.map(({ objectId, riskState }) => `${objectId} ${riskState}`).sort()).toEqual(
      inGraph.map(({ id, riskState }) => `${id} ${typeof riskState === 'string' ? riskState : ''}`).sort(),
    )
    const updated = rows.map(({ riskLastUpdated = '' }) => riskLastUpdated)
    expect(updated).toEqual(updated.toSorted().toReversed())
    // No history is read: one request per page.
    expect(world.graph.log().map(({ target }) => target.split('/').at(-1)?.split('?')[0])).toEqual([
      'riskyServicePrincipals',
      'riskyAgents',
    ])
  })

  it('has every detection, in the columns of the archive', async () => {
    const { code, stdout } = await graph('detections', '--json')
    expect(code).toBe(0)
    const { rows } = rowsOf({ stdout })
    const inGraph = [
      ...world.graph.tenant.all('servicePrincipalRiskDetections'),
      ...world.graph.tenant.all('agentRiskDetections'),
    ]
    expect(rows.map(({ detectionId = '' }) => detectionId).sort()).toEqual(inGraph.map(({ id }) => id).sort())
    const leaked = rows.find(
      ({ objectId, riskEventType }) =>
        objectId === SEEDED.buildPipeline.id && riskEventType === 'leakedCredentials',
    )
    expect(leaked).toMatchObject({
      detectionType: 'Leaked credentials',
      keyIds: SEEDED.buildPipeline.leakedKeyId,
    })
  })

  it('is a table, a spreadsheet and a page like any other, and says where it is from', async () => {
    const [text, csv, page] = [
      await graph('risky'),
      await graph('risky', '--csv'),
      await graph('risky', '--html'),
    ]
    expect(text.stdout.split('\n')[0]).toMatch(
      /^Risky workload identities: \d+ last updated 2020-01-01T.*, from Microsoft Graph$/,
    )
    expect(csv.stdout).toContain('Display name,Application ID,Risk state')
    expect(page.stdout).toContain('read from Microsoft Graph at')
  })

  it('goes by the time of the last update', async () => {
    const { stdout } = await world.run([
      'report',
      'risky',
      '--source',
      'graph',
      '--from',
      '2026-09-15',
      '--to',
      '2026-09-16',
      '--json',
    ])
    for (const { riskLastUpdated } of rowsOf({ stdout }).rows) expect(riskLastUpdated).toMatch(/^2026-09-15/)
  })

  it('says what could not be read, and still shows the rest', async () => {
    world.graph.permit(LOCAL_OPERATOR_ID, ['IdentityRiskyServicePrincipal.Read.All'])
    const { code, stdout, stderr } = await graph('risky', '--json')
    expect(code).toBe(1)
    const { rows, unread } = rowsOf({ stdout })
    expect(rows.length).toBeGreaterThan(0)
    expect(unread).toEqual([
      { name: 'riskyAgents', why: expect.stringContaining('IdentityRiskyAgent.Read.All') },
    ])
    expect(stderr).toContain('Without riskyAgents: ')
    expect((await graph('risky', '--html')).stdout).toContain('Without riskyAgents: ')
  })

  it.each([
    [['risky', '--source', 'portal'], '--source: expected archive or graph.'],
    [['risky', '--device-code'], '--device-code belongs to --source graph.'],
  ])('does not run as report %j', async (words, problem) => {
    const { code, stderr, stdout } = await cli(['report', ...words])
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(problem)])
  })
})
