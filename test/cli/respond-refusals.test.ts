import { describe, expect, it } from 'vitest'
import { riskyAgent } from '../../local/emulators/graph/risk-objects.ts'
import { SEEDED } from '../../local/emulators/graph/seed-names.ts'
import { LOCAL_OPERATOR_ID } from '../../shared/config/local-connection.ts'
import { cli } from './cli-under-test.ts'
import { ALL, REASON, responding } from './responding.ts'

const { buildPipeline, payrollApi, expenseAssistant, warehouseSync } = SEEDED
const NOBODY = '00000000-1111-4222-8333-444444444444'
const world = responding()

/** Refused whole: nothing is asked of Graph at all. */
describe('a command line for respond', () => {
  const many = Array.from({ length: 61 }, (_, n) => `app-${n}`)
  const reason = ['--reason', REASON]
  it.each([
    ['without an action', [...reason], 'Expected confirm-compromised, dismiss,'],
    ['with an unknown action', ['delete', 'x', ...reason], 'Expected confirm-compromised, dismiss,'],
    ['without an identity', ['disable', ...reason], 'Expected at least one identity.'],
    ['with an empty identity', ['disable', ' ', ...reason], 'Expected at least one identity.'],
    ['without a key id', ['remove-credential', ...reason], 'Expected the key id of the credential, a GUID.'],
    ['with a key id that is none', ['remove-credential', 'ci', 'x', ...reason], 'a GUID.'],
    ['with a key id alone', ['remove-credential', NOBODY, ...reason], 'Expected at least one identity.'],
    ['with 61 identities', ['dismiss', ...many, ...reason], 'at most 60 identities at a time; given 61.'],
    ['without a reason', ['disable', 'x'], '--reason: expected 1 to 500 characters.'],
    ['with an empty reason', ['disable', 'x', '--reason', ' '], '--reason: expected 1 to 500 characters.'],
    ['with a long reason', ['disable', 'x', '--reason', 'r'.repeat(501)], 'expected 1 to 500 characters.'],
    ['with two sign-ins', ['disable', 'x', '--device-code', ...reason], '--device-code and --local: use one'],
    [
      'with --force elsewhere',
      ['disable', 'x', '--force', ...reason],
      '--force belongs to remove-credential.',
    ],
  ])('%s is refused', async (_, words, why) => {
    const { code, stdout, stderr } = await world.respond([...words, '--yes'], { bare: true })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(why)
    expect(world.graph.log()).toEqual([])
  })

  it('with 60 identities is taken', async () => {
    const words = Array.from({ length: 60 }, (_, n) => `app-${n}`)
    const { code, stdout } = await world.respond(['dismiss', ...words, '--json'])
    expect([code, JSON.parse(stdout).identities.length]).toEqual([1, 60])
  })

  it('without --yes is refused where there is no terminal', async () => {
    const { code, stderr } = await world.respond(['disable', 'build-pipeline', '--reason', REASON], {
      bare: true,
    })
    expect([code, world.graph.log()]).toEqual([2, []])
    expect(stderr).toContain('Expected --yes: there is no terminal to confirm on.')
  })

  it('is refused inside the app, whose identity may change nothing', async () => {
    const { code, stderr } = await cli(['respond', 'disable', 'x', '--reason', REASON, '--yes'], {
      env: { IDENTITY_ENDPOINT: 'http://127.0.0.1:1/msi/token', IDENTITY_HEADER: 'h' },
    })
    expect(code).toBe(3)
    expect(stderr).toContain('Here is only the identity of the app')
  })
})

/** The only identity asked for is refused; nothing is changed. */
async function refusal(words: readonly string[]) {
  const { code, stdout } = await world.respond([...words, '--json'])
  const { identities } = JSON.parse(stdout)
  expect([code, identities.length, identities[0].result]).toEqual([1, 1, 'refused'])
  expect([world.writes(), world.records()]).toEqual([[], []])
  return identities[0] as { readonly why: string; readonly message: string; readonly candidates?: unknown }
}

describe('respond refuses', () => {
  it.each([
    ['disable', 'no-such-app'],
    ['disable', NOBODY],
    ['dismiss', NOBODY],
    ['dismiss', "O'Brien"],
    ['disable', SEEDED.mailArchiver.id],
  ])('to %s %s, who is not there', async (...words) => {
    expect(await refusal(words)).toMatchObject({ why: 'notFound' })
  })

  it('a name that several have, and lists them', async () => {
    const ids = Array.from({ length: 12 }, (_, n) => `00000000-0000-4000-8000-0000000000${10 + n}`)
    const put = (id: string) =>
      world.graph.tenant.put('servicePrincipals', {
        id,
        appId: id,
        displayName: 'twin',
        accountEnabled: true,
      })
    for (const id of ids.slice(0, 2)) put(id)
    expect(await refusal(['disable', 'twin'])).toMatchObject({
      why: 'ambiguous',
      candidates: ids.slice(0, 2),
      message: '2 identities have this name. Use an object id.',
    })
    const { stdout } = await world.respond(['disable', 'twin'])
    for (const id of ids.slice(0, 2)) expect(stdout).toContain(id)
    for (const id of ids) put(id)
    expect(await refusal(['disable', 'twin'])).toMatchObject({
      candidates: ids.slice(0, 10),
      message: 'More than 10 identities have this name. Use an object id.',
    })
  })

  it('to confirm anything but an agent as safe', async () => {
    expect(await refusal(['confirm-safe', 'build-pipeline'])).toMatchObject({ why: 'notAnAgent' })
  })

  it('a credential that neither the service principal nor its application has', async () => {
    expect(await refusal(['remove-credential', buildPipeline.leakedKeyId, 'payroll-api'])).toMatchObject({
      why: 'noSuchCredential',
    })
  })

  it.each([
    ['to read the directory', 'disable', 'Application.Read.All', 'Directory Readers'],
    [
      'to read risk',
      'confirm-compromised',
      'IdentityRiskyServicePrincipal.ReadWrite.All',
      'Security Administrator',
    ],
  ])('without the permission %s, and says how to get it', async (_, action, permission, role) => {
    const others = ALL.filter((one) => one !== permission && one !== 'Application.ReadWrite.All')
    world.graph.permit(LOCAL_OPERATOR_ID, others)
    const { why, message } = await refusal([action, 'build-pipeline'])
    expect(why).toBe('noPermission')
    for (const part of [permission, role, '--device-code', 'az login']) expect(message).toContain(part)
  })

  it('without the licence, and names it', async () => {
    world.graph.license(['entraIdP2'])
    const { why, message } = await refusal(['dismiss', 'build-pipeline'])
    expect([why, message]).toEqual([
      'noLicence',
      'The tenant is not licensed for it. It needs Microsoft Entra Workload ID Premium.',
    ])
    world.graph.license(['workloadIdentitiesPremium'])
    expect((await refusal(['dismiss', 'Expense Assistant'])).message).toContain('Microsoft Entra ID P2')
  })

  it('everything where nobody is signed in', async () => {
    world.graph.always({ kind: 'refuse', status: 401, headers: {}, body: '' })
    const { code, stderr } = await world.respond(['disable', 'build-pipeline', 'payroll-api'])
    expect([code, world.writes()]).toEqual([3, []])
    expect(stderr).toContain('The token is not accepted.')
    expect(world.graph.requests()).toBe(1)
  })
})

describe('the last valid credential of an enabled identity', () => {
  const { ownKeyId, addedKeyId, id, objectId } = payrollApi
  const remove = (keyId: string, name = 'payroll-api') => ['remove-credential', keyId, name]
  const withoutAdded = () => world.graph.tenant.change('servicePrincipals', id, { passwordCredentials: [] })

  it('is not removed', async () => {
    withoutAdded()
    expect(await refusal(remove(ownKeyId))).toMatchObject({ why: 'lastCredential' })
  })

  it.each([
    ['expired', { endDateTime: '2026-09-19T00:00:00Z' }],
    ['not yet valid', { startDateTime: '2026-09-21T00:00:00Z' }],
  ])('is the last although there is one that is %s', async (_, times) => {
    const until = { keyId: addedKeyId, endDateTime: '2028-09-08T04:58:20Z', ...times }
    world.graph.tenant.change('servicePrincipals', id, { passwordCredentials: [until] })
    expect(await refusal(remove(ownKeyId))).toMatchObject({ why: 'lastCredential' })
    expect((await world.respond(remove(addedKeyId))).code).toBe(0)
  })

  it('is the last although there is a key that only signs', async () => {
    const key = { keyId: NOBODY, usage: 'Sign', endDateTime: '2030-01-01T00:00:00Z' }
    world.graph.tenant.change('servicePrincipals', id, { passwordCredentials: [], keyCredentials: [key] })
    expect(await refusal(remove(ownKeyId))).toMatchObject({ why: 'lastCredential' })
  })

  it('is removed with --force', async () => {
    withoutAdded()
    expect((await world.respond([...remove(ownKeyId), '--force'])).code).toBe(0)
    expect(world.graph.tenant.get('applications', objectId)).toMatchObject({ passwordCredentials: [] })
  })

  it('is removed of a disabled identity', async () => {
    withoutAdded()
    world.graph.tenant.change('servicePrincipals', id, { accountEnabled: false })
    expect((await world.respond(remove(ownKeyId))).code).toBe(0)
  })

  it('is not the last where another issuer is trusted', async () => {
    world.graph.tenant.change('applications', buildPipeline.objectId, { keyCredentials: [] })
    expect((await world.respond(remove(buildPipeline.leakedKeyId, 'build-pipeline'))).code).toBe(0)
  })

  it('is the last where the application belongs to another tenant', async () => {
    const { tenant } = world.graph
    tenant.put('servicePrincipals', {
      ...(tenant.get('servicePrincipals', warehouseSync.id) ?? { id: '' }),
      appId: NOBODY,
      passwordCredentials: [{ keyId: NOBODY, endDateTime: '2030-01-01T00:00:00Z' }],
    })
    expect(await refusal(remove(NOBODY, 'warehouse-sync'))).toMatchObject({ why: 'lastCredential' })
  })
})

describe('what fails of several', () => {
  it('is told for each; the others are done', async () => {
    const words = ['disable', 'build-pipeline', 'no-such-app', 'Expense Assistant', '--json']
    world.graph.permit(
      LOCAL_OPERATOR_ID,
      ALL.filter((permission) => !permission.startsWith('AgentIdentity')),
    )
    const { code, stdout } = await world.respond(words)
    expect(code).toBe(1)
    expect(JSON.parse(stdout).identities).toMatchObject([
      { asked: 'build-pipeline', result: 'done' },
      { asked: 'no-such-app', result: 'refused', why: 'notFound' },
      { asked: 'Expense Assistant', result: 'failed', why: 'noPermission' },
    ])
  })

  it('together is tried one by one, so that one unknown identity does not stop the others', async () => {
    const { tenant } = world.graph
    const [known, unknown] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b']
    for (const id of [known, unknown])
      tenant.put('servicePrincipals', {
        '@odata.type': '#microsoft.graph.agentIdentity',
        id,
        appId: id,
        displayName: id,
        accountEnabled: true,
      })
    tenant.put('riskyAgents', riskyAgent({ id: known }))
    const { code, stdout } = await world.respond(['confirm-compromised', unknown, known, expenseAssistant.id])
    expect(code).toBe(1)
    expect(stdout).toContain('Graph has no such identity. It may have been deleted.')
    for (const id of [known, expenseAssistant.id])
      expect(tenant.get('riskyAgents', id)).toMatchObject({ riskState: 'confirmedCompromised' })
    expect(world.writes().map(({ status }) => status)).toEqual([404, 404, 204, 204])
    expect(
      world.records().map((one) => (one['properties'] as { response: { result: string } }).response.result),
    ).toEqual(['failed', 'done', 'done'])
  })

  it('for lack of the permission to write is told after the question, with nothing changed', async () => {
    world.graph.permit(LOCAL_OPERATOR_ID, ['Application.Read.All', 'IdentityRiskyServicePrincipal.Read.All'])
    const { code, stdout } = await world.respond(['dismiss', 'build-pipeline'], { confirm: () => true })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^failed {2}build-pipeline/m)
    expect(stdout).toContain('IdentityRiskyServicePrincipal.ReadWrite.All')
    expect(world.writes().map(({ status }) => status)).toEqual([403])
  })

  it('while Graph is too busy may have been done, and says so', async () => {
    const { graph } = world
    graph.throttle(false)
    const confirm = (): boolean => {
      graph.always({ kind: 'refuse', status: 503, headers: {}, body: '' })
      return true
    }
    const { code, stdout } = await world.respond(['disable', 'build-pipeline'], { confirm })
    expect(code).toBe(1)
    expect(stdout).toContain('The change may or may not have been made.')
    expect(world.records()).toMatchObject([
      { properties: { response: { fault: 'unavailable status 503', requestId: null } } },
    ])
  })

  it('because a certificate is gone by then is refused without a request to change', async () => {
    const confirm = (): boolean => {
      world.graph.tenant.change('applications', buildPipeline.objectId, { keyCredentials: [] })
      return true
    }
    const words = ['remove-credential', buildPipeline.certificateKeyId, 'build-pipeline']
    const { code, stdout } = await world.respond(words, { confirm })
    expect([code, world.writes(), world.records()]).toEqual([1, [], []])
    expect(stdout).toContain('has a secret or certificate with this key id')
  })
})
