import { expect, test } from 'vitest'
import type { EmulatedGraph } from '../../../../local/emulators/graph/graph.ts'
import { seed } from '../../../../local/emulators/graph/seed.ts'
import { SEEDED } from '../../../../local/emulators/graph/seed-names.ts'
import type { JsonObject } from '../../../../shared/encoding/json.ts'
import { APP, call, errorOf, principal, start } from './graph-under-test.ts'

const { buildPipeline, payrollApi, expenseAssistant } = SEEDED
const PROOF = 'eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJ4In0.c2ln'

async function seeded(): Promise<EmulatedGraph> {
  const graph = await start()
  seed(graph.tenant)
  return graph
}

const patch = (graph: EmulatedGraph, address: string, body: JsonObject) =>
  call(graph, `/v1.0/${address}`, { method: 'PATCH', body })

const post = (graph: EmulatedGraph, address: string, body: JsonObject) =>
  call(graph, `/v1.0/${address}`, { method: 'POST', body })

const read = async (graph: EmulatedGraph, address: string): Promise<JsonObject> =>
  (await call(graph, `/v1.0/${address}`)).json

test('a principal that is disabled is disabled in the directory and in its risk, until it is enabled', async () => {
  const graph = await seeded()
  const principals = [buildPipeline.id, expenseAssistant.id]
  for (const accountEnabled of [false, true]) {
    for (const id of principals) {
      expect((await patch(graph, `servicePrincipals/${id}`, { accountEnabled })).status).toBe(204)
      expect(await read(graph, `servicePrincipals/${id}`)).toMatchObject({ accountEnabled })
    }
    expect(await read(graph, `identityProtection/riskyServicePrincipals/${buildPipeline.id}`)).toMatchObject({
      isEnabled: accountEnabled,
    })
    expect(graph.tenant.get('riskyAgents', expenseAssistant.id)).toMatchObject({ isEnabled: accountEnabled })
  }
})

test.each([
  [`applications/${buildPipeline.objectId}`, buildPipeline.leakedKeyId],
  [`servicePrincipals(appId='${payrollApi.appId}')`, payrollApi.addedKeyId],
])('removePassword takes a secret from %s, once', async (address, keyId) => {
  const graph = await seeded()
  const others = (await read(graph, address))['keyCredentials']
  expect((await post(graph, `${address}/removePassword`, { keyId })).status).toBe(204)
  expect(await read(graph, address)).toMatchObject({ passwordCredentials: [], keyCredentials: others })
  const again = await post(graph, `${address}/removePassword`, { keyId })
  expect(again.status).toBe(400)
  expect(errorOf(again)).toMatchObject({
    code: 'Request_BadRequest',
    message: `No password credential found with keyId '${keyId}'.`,
  })
})

test('removeKey takes a certificate only with a proof that a key is held', async () => {
  const graph = await seeded()
  const address = `applications/${buildPipeline.objectId}`
  const keyId = buildPipeline.certificateKeyId
  const refused = await post(graph, `${address}/removeKey`, { keyId })
  expect(refused.status).toBe(400)
  expect(errorOf(refused)['message']).toContain('proof')
  expect(await read(graph, address)).toMatchObject({ keyCredentials: [{ keyId }] })
  expect((await post(graph, `${address}/removeKey`, { keyId, proof: PROOF })).status).toBe(204)
  expect(await read(graph, address)).toMatchObject({ keyCredentials: [] })
  const again = await post(graph, `${address}/removeKey`, { keyId, proof: PROOF })
  expect(errorOf(again)['message']).toBe('No credentials found to be removed.')
})

test('a certificate goes without a proof by an update that keeps the others', async () => {
  const graph = await seeded()
  const address = `applications/${buildPipeline.objectId}`
  const other = { keyId: 'other', displayName: 'CN=other' }
  const own = { keyId: buildPipeline.certificateKeyId, displayName: 'CN=build-pipeline' }
  graph.tenant.change('applications', buildPipeline.objectId, { keyCredentials: [own, other] })
  expect((await patch(graph, address, { keyCredentials: [{ keyId: 'other' }] })).status).toBe(204)
  expect(await read(graph, address)).toMatchObject({ keyCredentials: [other] })
  expect((await patch(graph, address, { keyCredentials: [{ keyId: 'new' }] })).status).toBe(400)
  expect((await patch(graph, address, { keyCredentials: null })).status).toBe(400)
  expect(await read(graph, address)).toMatchObject({ keyCredentials: [other] })
})

test.each([
  [`servicePrincipals/${buildPipeline.id}`, {}],
  [`servicePrincipals/${buildPipeline.id}`, { accountEnabled: 'false' }],
  [`servicePrincipals/${buildPipeline.id}`, { accountEnabled: false, displayName: 'x' }],
  [`servicePrincipals/${buildPipeline.id}`, { displayName: 'x' }],
  [`applications/${buildPipeline.objectId}`, { accountEnabled: false }],
])('%s is not changed by %j', async (address, body: JsonObject) => {
  const graph = await seeded()
  const before = await read(graph, address)
  expect((await patch(graph, address, body)).status).toBe(400)
  expect(await read(graph, address)).toEqual(before)
})

test('what is deleted cannot be changed, and a body must be a JSON object', async () => {
  const graph = await seeded()
  const gone = await patch(graph, `servicePrincipals/${SEEDED.mailArchiver.id}`, { accountEnabled: false })
  expect(gone.status).toBe(404)
  const empty = await call(graph, `/v1.0/servicePrincipals/${buildPipeline.id}`, { method: 'PATCH' })
  expect(empty.status).toBe(400)
})

test('an agent is disabled at an address of its own, with a permission of its own', async () => {
  const graph = await start({ principals: [principal(APP, ['AgentIdentity.EnableDisable.All'], 'app')] })
  seed(graph.tenant)
  const disable = (address: string) =>
    call(graph, `/v1.0/servicePrincipals/${address}`, {
      method: 'PATCH',
      body: { accountEnabled: false },
      token: 'app',
    })
  const asAgent = '/microsoft.graph.agentIdentity'
  expect((await disable(`${expenseAssistant.id}${asAgent}`)).status).toBe(204)
  expect(graph.tenant.get('riskyAgents', expenseAssistant.id)).toMatchObject({ isEnabled: false })
  expect((await disable(expenseAssistant.id)).status).toBe(403)
  expect((await disable(`${buildPipeline.id}${asAgent}`)).status).toBe(404)
})

test('who may read applications may not change them', async () => {
  const graph = await start({ principals: [principal(APP, ['Application.Read.All'], 'app')] })
  seed(graph.tenant)
  const address = `/v1.0/servicePrincipals/${buildPipeline.id}`
  for (const [method, suffix, body] of [
    ['PATCH', '', { accountEnabled: false }],
    ['POST', '/removePassword', { keyId: buildPipeline.leakedKeyId }],
    ['POST', '/removeKey', { keyId: buildPipeline.certificateKeyId, proof: PROOF }],
  ] as const) {
    const refused = await call(graph, `${address}${suffix}`, { method, body, token: 'app' })
    expect(refused.status).toBe(403)
    expect(errorOf(refused)['code']).toBe('Authorization_RequestDenied')
  }
  expect(graph.log().map(({ body }) => body)[0]).toBe('{"accountEnabled":false}')
  expect(graph.tenant.get('servicePrincipals', buildPipeline.id)).toMatchObject({ accountEnabled: true })
})
