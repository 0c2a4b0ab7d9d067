import { describe, expect, it } from 'vitest'
import { SEEDED } from '../../local/emulators/graph/seed-names.ts'
import { answersTo } from '../../shared/graph/batch.ts'
import type { GraphAnswer } from '../../shared/graph/graph-fault.ts'
import { type ContextWorld, contextWorld } from './context/context-world.ts'

const { buildPipeline, payrollApi, mailArchiver } = SEEDED
const never = new AbortController().signal
const principal = (id: string): string => `v1.0/servicePrincipals/${id}?$select=id`
const history = (id: string): string => `v1.0/identityProtection/riskyServicePrincipals/${id}/history`

const statusOf = (answer: GraphAnswer): string => (answer.ok ? 'ok' : answer.fault.kind)
const targets = ({ graph }: ContextWorld) => graph.log().map(({ target, status }) => [target, status])

describe('several resources', () => {
  it('are read in one request, and answered in their order', async () => {
    const world = await contextWorld()
    const paths = [principal(payrollApi.id), principal(mailArchiver.id), principal(buildPipeline.id)]
    const answers = await answersTo(world.client, paths, never)
    expect(answers.map(statusOf)).toEqual(['ok', 'notFound', 'ok'])
    expect(answers[2]).toMatchObject({ body: { id: buildPipeline.id } })
    expect(world.requests()).toBe(1)
  })

  it('are read in as many requests as there are versions, and twenties', async () => {
    const world = await contextWorld()
    const many = Array.from({ length: 41 }, (_, n) => `${principal(buildPipeline.id)}&n=${n}`)
    const answers = await answersTo(world.client, [...many, `beta/servicePrincipals/${payrollApi.id}`], never)
    expect(answers.map(statusOf)).toEqual(Array.from({ length: 42 }, () => 'ok'))
    expect(world.requests()).toBe(4)
  })

  it('are asked for on their own if they were busy in the batch', async () => {
    const world = await contextWorld()
    const answers = await answersTo(world.client, [buildPipeline.id, payrollApi.id].map(history), never)
    expect(answers.map(statusOf)).toEqual(['ok', 'ok'])
    expect(targets(world)).toEqual([
      [`/${history(buildPipeline.id)}`, 200],
      [`/${history(payrollApi.id)}`, 429],
      ['/v1.0/$batch', 200],
      [`/${history(payrollApi.id)}`, 200],
    ])
  })

  it('ask for values that are newer than the version of the API', async () => {
    const world = await contextWorld()
    await answersTo(world.client, [principal(buildPipeline.id), history(buildPipeline.id)], never)
    expect(world.graph.log().every(({ knowsLaterMembers }) => knowsLaterMembers)).toBe(true)
  })

  it('are unavailable together if Graph is', async () => {
    const world = await contextWorld()
    world.graph.always({ kind: 'refuse', status: 503, headers: {}, body: '' })
    const answers = await answersTo(world.client, [buildPipeline.id, payrollApi.id].map(principal), never)
    expect(answers.map(statusOf)).toEqual(['unavailable', 'unavailable'])
  })

  it.each(['', '[]', '{"responses":5}', '{"responses":[{"id":"0"}]}'])(
    'that a batch does not answer are asked for on their own: %j',
    async (body) => {
      const world = await contextWorld()
      world.graph.script({ kind: 'refuse', status: 200, headers: {}, body })
      const answers = await answersTo(world.client, [buildPipeline.id, payrollApi.id].map(principal), never)
      expect(answers.map(statusOf)).toEqual(['ok', 'ok'])
    },
  )

  it('of none are no request', async () => {
    const world = await contextWorld()
    expect(await answersTo(world.client, [], never)).toEqual([])
    expect(world.requests()).toBe(0)
  })
})
