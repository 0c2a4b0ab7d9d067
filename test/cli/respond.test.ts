import { describe, expect, it } from 'vitest'
import { SEEDED } from '../../local/emulators/graph/seed-names.ts'
import { LOCAL_OPERATOR_ID } from '../../shared/config/local-connection.ts'
import { HUB } from '../support/ingest-world.ts'
import { REASON, responding } from './responding.ts'

const { buildPipeline, payrollApi, expenseAssistant, invoiceReader, mailArchiver } = SEEDED
const world = responding()

const stateOf = (id: string) => world.graph.tenant.get('riskyServicePrincipals', id)?.['riskState']
const isEnabled = (id: string) => world.graph.tenant.get('servicePrincipals', id)?.['accountEnabled']
const keyIds = (set: 'applications' | 'servicePrincipals', id: string) => {
  const object = world.graph.tenant.get(set, id)
  return [object?.['passwordCredentials'], object?.['keyCredentials']]
    .flat()
    .map((one) => (one as { keyId: string }).keyId)
}
const sent = () => world.writes().map(({ method, target, body }) => [method, target, JSON.parse(body)])

describe('respond', () => {
  it('confirms service principals together and agents apart, named in any way, each once', async () => {
    const named = ['build-pipeline', payrollApi.appId, buildPipeline.id, 'Expense Assistant']
    const { code, stdout, stderr } = await world.respond(['confirm-compromised', ...named])
    expect([code, stderr]).toEqual([0, ''])
    await expect(stdout).toMatchFileSnapshot('../golden/cli/respond.txt')
    expect(sent()).toEqual([
      [
        'POST',
        '/v1.0/identityProtection/riskyServicePrincipals/confirmCompromised',
        { servicePrincipalIds: [buildPipeline.id, payrollApi.id] },
      ],
      [
        'POST',
        '/beta/identityProtection/riskyAgents/confirmCompromised',
        { agentIds: [expenseAssistant.id] },
      ],
    ])
    expect([stateOf(buildPipeline.id), stateOf(payrollApi.id)]).toEqual([
      'confirmedCompromised',
      'confirmedCompromised',
    ])
  })

  it('acts as the person, and tells Graph nothing of the reason', async () => {
    await world.respond(['disable', 'payroll-api'])
    expect(new Set(world.graph.log().map(({ principalId }) => principalId))).toEqual(
      new Set([LOCAL_OPERATOR_ID]),
    )
    expect(JSON.stringify(world.graph.log())).not.toContain(REASON)
  })

  it('dismisses risk, also of what the directory has no more, and not what is dismissed', async () => {
    const words = ['dismiss', 'build-pipeline', mailArchiver.id]
    expect((await world.respond(words)).code).toBe(0)
    expect([stateOf(buildPipeline.id), stateOf(mailArchiver.id)]).toEqual(['dismissed', 'dismissed'])
    world.graph.clearLog()
    const { code, stdout } = await world.respond(words)
    expect([code, world.writes()]).toEqual([0, []])
    expect(stdout.match(/nothing: it is so already/g)).toHaveLength(2)
  })

  it('confirms an agent as safe', async () => {
    expect((await world.respond(['confirm-safe', expenseAssistant.id])).code).toBe(0)
    expect(world.graph.tenant.get('riskyAgents', expenseAssistant.id)).toMatchObject({
      riskState: 'confirmedSafe',
    })
  })

  it.each([
    ['build-pipeline', buildPipeline.id, ''],
    ['Expense Assistant', expenseAssistant.id, '/microsoft.graph.agentIdentity'],
  ])('disables and enables %s, and leaves what is so already', async (name, id, suffix) => {
    await world.respond(['disable', name])
    expect(isEnabled(id)).toBe(false)
    const again = await world.respond(['disable', name])
    expect(again.stdout).toContain('nothing: it is so already')
    await world.respond(['enable', name])
    expect(isEnabled(id)).toBe(true)
    const path = `/v1.0/servicePrincipals/${id}${suffix}`
    expect(sent()).toEqual([
      ['PATCH', path, { accountEnabled: false }],
      ['PATCH', path, { accountEnabled: true }],
    ])
  })

  it('removes a secret from the object that has it', async () => {
    const { code, stdout } = await world.respond(['remove-credential', payrollApi.addedKeyId, 'payroll-api'])
    expect(code).toBe(0)
    expect(stdout).toContain('secret "sync" on the service principal until 2028-09-08')
    expect(keyIds('servicePrincipals', payrollApi.id)).toEqual([])
    expect(keyIds('applications', payrollApi.objectId)).toEqual([payrollApi.ownKeyId])
  })

  it('removes a certificate by keeping the others that there are at that moment', async () => {
    const { tenant } = world.graph
    const added = '11111111-5c90-4d6b-83af-29be70d1c458'
    const keyCredentials = [{ keyId: buildPipeline.certificateKeyId }, { keyId: added }]
    // Another administrator adds one while the operator is being asked.
    const confirm = (): boolean => {
      tenant.change('applications', buildPipeline.objectId, { keyCredentials })
      return true
    }
    const words = ['remove-credential', buildPipeline.certificateKeyId.toUpperCase(), 'build-pipeline']
    const { code } = await world.respond(words, { confirm })
    expect(code).toBe(0)
    expect(keyIds('applications', buildPipeline.objectId)).toEqual([buildPipeline.leakedKeyId, added])
  })

  it('asks, and changes nothing where the answer is no', async () => {
    const asked: string[] = []
    const confirm = (question: string): boolean => {
      asked.push(question)
      return false
    }
    const { code, stderr } = await world.respond(['disable', 'build-pipeline', 'payroll-api'], { confirm })
    expect([code, stderr, asked]).toEqual([130, 'Nothing was changed.\n', ['2 identities: disable? [y/N] ']])
    expect([world.writes(), world.records()]).toEqual([[], []])
  })

  it.each([
    ['confirm-compromised', 'build-pipeline'],
    ['dismiss', 'Expense Assistant'],
    ['confirm-safe', 'Expense Assistant'],
    ['disable', 'build-pipeline'],
    ['enable', 'Brightledger Invoice Reader'],
    ['remove-credential', payrollApi.addedKeyId, 'payroll-api'],
  ])('--dry-run %s sends no write and no record, and asks nobody', async (...words) => {
    const { code, stdout } = await world.respond([...words, '--dry-run', '--json', '--reason', REASON], {
      bare: true,
    })
    expect([code, world.writes(), world.records()]).toEqual([0, [], []])
    expect(JSON.parse(stdout)).toMatchObject({ dryRun: true, identities: [{ result: 'planned' }] })
    expect(world.graph.log().length).toBeGreaterThan(0)
  })
})

describe('the record of a response', () => {
  it('says who did what to whom and why, and how Graph answered, one for each identity', async () => {
    await world.respond(['confirm-compromised', 'build-pipeline', 'payroll-api'])
    const [first, second, ...others] = world.records()
    expect(others).toEqual([])
    const requestId = world.writes()[0]?.requestId
    expect(first).toEqual({
      time: expect.stringMatching(/^2026-09-20T12:/),
      category: 'RiskExport.ResponseAction',
      origin: 'operator',
      tenantId: '11111111-2222-4333-8444-555555555555',
      properties: {
        actedDateTime: first?.['time'],
        identityId: buildPipeline.id,
        identityType: 'servicePrincipal',
        appId: buildPipeline.appId,
        displayName: 'build-pipeline',
        riskLevel: 'high',
        riskState: 'atRisk',
        response: {
          action: 'confirm-compromised',
          result: 'done',
          requestId,
          actorId: LOCAL_OPERATOR_ID,
          reason: REASON,
          accountEnabledBefore: true,
        },
      },
    })
    expect(second).toMatchObject({ properties: { identityId: payrollApi.id, response: { requestId } } })
  })

  it('names a credential by its key id and place', async () => {
    await world.respond(['remove-credential', payrollApi.addedKeyId, 'payroll-api', '--force'])
    expect(world.records()).toMatchObject([
      {
        properties: {
          response: {
            action: 'remove-credential',
            credential: { keyId: payrollApi.addedKeyId, type: 'secret', on: 'servicePrincipal' },
            force: true,
          },
        },
      },
    ])
  })

  it('is kept of what Graph refused, too', async () => {
    world.graph.permit(LOCAL_OPERATOR_ID, ['Application.Read.All'])
    const { code } = await world.respond(['disable', 'build-pipeline'])
    expect(code).toBe(1)
    expect(world.records()).toMatchObject([
      { properties: { response: { result: 'failed', fault: 'noPermission' } } },
    ])
  })

  it('must be possible: nothing is changed where the hub takes no message', async () => {
    const EventHub = world.hub.connectionString(HUB).replace(HUB, 'no-such-hub')
    await world.setEnvironment({ EventHub, EVENT_HUB_NAME: 'no-such-hub' })
    const { code, stderr } = await world.respond(['disable', 'build-pipeline'])
    expect([code, world.writes()]).toEqual([3, []])
    expect(stderr).toContain('The command failed')
  })

  it('is printed, and nothing is done after it, where the hub stops taking messages', async () => {
    world.hub.faults.rejectNextSends(10, 'amqp:unauthorized-access')
    const { code, stdout, stderr } = await world.respond([
      'disable',
      'build-pipeline',
      'payroll-api',
      '--json',
    ])
    world.hub.faults.clear()
    expect([code, world.writes().length, world.records()]).toEqual([1, 1, []])
    expect(JSON.parse(stdout)).toMatchObject({
      recorded: false,
      identities: [{ result: 'done' }, { result: 'notTried' }],
    })
    const [, kept = ''] = stderr.split('\n')
    expect(JSON.parse(kept)).toMatchObject({
      records: [{ properties: { identityId: buildPipeline.id } }],
    })
    expect(isEnabled(payrollApi.id)).toBe(true)
  })
})

describe('an interruption', () => {
  it('before the first change changes nothing', async () => {
    const { code, stderr } = await world.respond(['disable', 'build-pipeline'], {
      interruption: AbortSignal.abort(),
    })
    expect([code, stderr, world.writes()]).toEqual([130, 'Nothing was changed.\n', []])
  })

  it('says what was not tried any more', async () => {
    const controller = new AbortController()
    const confirm = (): boolean => {
      controller.abort()
      return true
    }
    const words = ['disable', 'build-pipeline', invoiceReader.id]
    const { code, stdout } = await world.respond([...words, '--json'], {
      confirm,
      interruption: controller.signal,
    })
    expect([code, world.writes()]).toEqual([130, []])
    expect(JSON.parse(stdout)).toMatchObject({
      identities: [{ result: 'notTried' }, { result: 'unchanged' }],
    })
  })
})
