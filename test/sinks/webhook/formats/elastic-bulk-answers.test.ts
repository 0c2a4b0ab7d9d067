import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { prepare } from '../../../../shared/delivery/prepare.ts'
import { settle } from '../../../../shared/delivery/settle.ts'
import type { DeliveryOutcome } from '../../../../shared/delivery/sink.ts'
import { smallBatch } from '../../../contract/sink-fixture.ts'
import { archivedEventsAt } from '../../../support/archived-event-at.ts'
import { status } from '../../../support/scripted-answer.ts'
import { virtualTime } from '../../../support/virtual-time.ts'
import { bulkAnswer, created, idsOf, refused } from '../bulk-answers.ts'
import { receiver } from '../receiver.ts'
import { never } from '../webhook-under-test.ts'

const { server, elastic } = receiver()

type Item = ReturnType<typeof created>

/** Delivers three events to a cluster that answers 200 with an item for each. */
async function answered(...make: readonly ((id: string) => Item)[]) {
  server().always(
    status(200, { 'retry-after': '7' }, (body) =>
      bulkAnswer(idsOf(body).map((id, index) => (make[index] ?? created)(id))),
    ),
  )
  const sink = elastic()
  const batch = smallBatch(sink)
  return { outcome: await sink.deliver(batch, never), ids: batch.map(({ eventId }) => eventId) }
}

const partOf = (outcome: DeliveryOutcome) => {
  if (outcome.status !== 'partial') throw new Error(outcome.status)
  return outcome.failed
}
const with_ = (code: number, type: string) => (id: string) => refused(id, code, type)
const THERE = 'version_conflict_engine_exception'

describe('each item of an answer', () => {
  test.each([
    [400, 'document_parsing_exception', 'payloadRefused', 'record'],
    [400, 'illegal_argument_exception', 'payloadRefused', 'record'],
    [401, 'security_exception', 'unauthorized', 'sink'],
    [403, 'security_exception', 'unauthorized', 'sink'],
    [403, 'cluster_block_exception', 'unauthorized', 'sink'],
    [404, 'index_not_found_exception', 'notFound', 'sink'],
    [409, 'something_else', 'answerUnexpected', 'sink'],
    [413, 'x', 'tooLarge', 'record'],
    [429, 'es_rejected_execution_exception', 'throttled', 'transient'],
    [500, 'internal_server_error', 'unavailable', 'transient'],
    [503, 'unavailable_shards_exception', 'unavailable', 'transient'],
  ])('%i %s is %s of scope %s, for that event alone', async (code, type, faultCode, scope) => {
    const { outcome, ids } = await answered(created, with_(code, type))
    const failed = partOf(outcome)
    expect([...failed.keys()]).toEqual([ids[1]])
    const [fault] = failed.values()
    expect(fault).toMatchObject({ code: faultCode, scope, status: code })
    expect(fault?.message).toContain(type)
    expect(fault?.message).not.toMatch(/Payroll|203\.0/)
    if (scope !== 'record') return
    expect((await answered(with_(code, type), with_(code, type), with_(code, type))).outcome.status).toBe(
      'partial',
    )
  })

  test('409 is an event that is there already: delivered', async () => {
    const { outcome } = await answered(created, with_(409, THERE), with_(409, THERE))
    expect(outcome).toMatchObject({ status: 'delivered' })
  })

  test('an item that went to the failure store is refused, though its status is 201', async () => {
    const { outcome, ids } = await answered(created, created, (id) => ({
      ...created(id),
      failure_store: 'used',
    }))
    expect([...partOf(outcome).keys()]).toEqual([ids[2]])
    expect([...partOf(outcome).values()]).toMatchObject([{ code: 'payloadRefused', scope: 'record' }])
  })

  test('an item that was not needed in the failure store is stored', async () => {
    const { outcome } = await answered((id) => ({
      ...created(id),
      failure_store: 'not_applicable_or_unknown',
    }))
    expect(outcome).toMatchObject({ status: 'delivered' })
  })

  test('one fault of all is that of the request, with the wait that was asked for', async () => {
    const busy = with_(429, 'es_rejected_execution_exception')
    const { outcome } = await answered(busy, busy, busy)
    expect(outcome).toMatchObject({
      status: 'failed',
      fault: { code: 'throttled', scope: 'transient', retryAfterMs: 7_000 },
    })
  })

  test('each keeps its own of several faults, by its place in the request', async () => {
    const { outcome, ids } = await answered(
      with_(429, 'es_rejected_execution_exception'),
      created,
      with_(400, 'document_parsing_exception'),
    )
    expect([...partOf(outcome)].map(([id, { code }]) => [id, code])).toEqual([
      [ids[0], 'throttled'],
      [ids[2], 'payloadRefused'],
    ])
  })

  test('ids may be left out by a filter, since the order says which is which', async () => {
    const { outcome, ids } = await answered(created, (id) => {
      const { _id, ...rest } = refused(id, 400, 'x')
      return rest
    })
    expect([...partOf(outcome).keys()]).toEqual([ids[1]])
  })
})

describe('a 200 that is no answer of the bulk API', () => {
  test.each([
    ['without items', '{"took":1,"errors":false}'],
    ['of another API', '{"acknowledged":true}'],
    ['with items that are none', '{"errors":false,"items":[1,2,3]}'],
    ['with items without a status', '{"items":[{"create":{}},{"create":{}},{"create":{}}]}'],
    [
      'with items of another action',
      '{"items":[{"index":{"status":201}},{"index":{"status":201}},{"index":{"status":201}}]}',
    ],
    ['that is empty', ''],
    ['that is no JSON', 'ok'],
    ['that is a list', '[]'],
    ['cut in the middle', bulkAnswer([created('x')]).slice(0, -3)],
  ])('%s is answerUnexpected', async (_, body) => {
    server().always(status(200, {}, body))
    const sink = elastic()
    expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({
      status: 'failed',
      fault: { code: 'answerUnexpected', scope: 'sink', status: 200 },
    })
  })

  test.each([
    ['too few items', (ids: readonly string[]) => ids.slice(1)],
    ['too many items', (ids: readonly string[]) => [...ids, ids[0] ?? '']],
    ['items in another order', (ids: readonly string[]) => ids.toReversed()],
    ['items of other documents', (ids: readonly string[]) => ids.map((id) => `${id}x`)],
  ])('with %s is answerUnexpected', async (_, change) => {
    server().always(status(200, {}, (body) => bulkAnswer(change(idsOf(body)).map(created))))
    const sink = elastic()
    expect(await sink.deliver(smallBatch(sink), never)).toMatchObject({
      fault: { code: 'answerUnexpected', scope: 'sink' },
    })
  })

  test('a long answer is read whole: 500 events, all refused with long reasons', async () => {
    server().always(
      status(200, {}, (body) =>
        bulkAnswer(
          idsOf(body).map((id) => ({
            ...refused(id, 400, 'x'),
            error: { type: 'x', reason: 'r'.repeat(3_000) },
          })),
        ),
      ),
    )
    const sink = elastic()
    const events = archivedEventsAt(1, 500)
    const batch = events.flatMap((event) => sink.encode(event) as never)
    const outcome = await sink.deliver(batch, never)
    expect(partOf(outcome).size).toBe(500)
  })
})

describe('the check of a cluster', () => {
  test.each([
    ['/_bulk', '/_security/_authenticate'],
    ['/_bulk/', '/_security/_authenticate'],
    ['/_bulk?pipeline=x', '/_security/_authenticate'],
    ['/es/_bulk', '/es/_security/_authenticate'],
  ])('for %s asks %s', async (path, asked) => {
    const sink = elastic({ url: `${server().origin}${path}` })
    expect(await sink.check(never)).toBeUndefined()
    expect(server().requests).toMatchObject([{ method: 'GET', path: asked }])
  })

  test.each([400, 405])('a cluster without that API (%i) is there', async (code) => {
    server().always(status(code))
    expect(await elastic().check(never)).toBeUndefined()
  })
})

test('whatever becomes of each event, each has one outcome, and what is stored is never sent again', async () => {
  const fate = fc.constantFrom('created', 'there', 'bad', 'busy', 'failureStore')
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 12 }), async (fates) => {
      const events = archivedEventsAt(1, fates.length)
      const fateOf = new Map(events.map(({ event }, index) => [event.eventId as string, fates[index]]))
      const stored = new Set<string>()
      const sentAfterStored: string[] = []
      const itemOf = (id: string): Item => {
        if (stored.has(id)) sentAfterStored.push(id)
        switch (fateOf.get(id)) {
          case 'bad':
            return refused(id, 400, 'document_parsing_exception')
          case 'busy':
            return refused(id, 429, 'es_rejected_execution_exception')
          case 'failureStore':
            return { ...created(id), failure_store: 'used' }
          case 'there':
            stored.add(id)
            return refused(id, 409, THERE)
          default:
            stored.add(id)
            return created(id)
        }
      }
      server().forget()
      server().always(status(200, {}, (body) => bulkAnswer(idsOf(body).map(itemOf))))
      const sink = elastic()
      const time = virtualTime()
      const retry = { deadlineMs: time.now() + 60_000, maxAttempts: 2, backoff: { baseMs: 1, maxMs: 1 } }
      const ends = await settle(sink, prepare(sink, events), retry, time)
      const ids = (some: readonly { readonly event: { readonly eventId: string } }[]) =>
        new Set(some.map(({ event }) => event.eventId))
      const delivered = ids(ends.delivered)
      const deadLettered = ids(ends.deadLettered.map(({ archived }) => archived))
      expect(delivered).toEqual(stored)
      expect(sentAfterStored).toEqual([])
      for (const id of deadLettered) expect(['bad', 'failureStore']).toContain(fateOf.get(id))
      const isBad = (one: string | undefined) => one === 'bad' || one === 'failureStore'
      const bad = fates.filter(isBad).length
      expect(deadLettered.size).toBe(stored.size > 0 ? bad : 0)
      expect(delivered.size + deadLettered.size + ends.pending.length).toBe(events.length)
    }),
    { numRuns: 60 },
  )
})
