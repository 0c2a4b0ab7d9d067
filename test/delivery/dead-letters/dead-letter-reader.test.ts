import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { LeanContainer } from '../../../shared/azure/lean-container.ts'
import {
  type DeadLetterAction,
  readAction,
  stateOf,
  writeAction,
} from '../../../shared/delivery/dead-letters/action.ts'
import {
  type DeadLetter,
  deadLettersOf,
  type Replay,
} from '../../../shared/delivery/dead-letters/dead-letter.ts'
import { blobDeadLetters } from '../../../shared/delivery/dead-letters/dead-letter-blobs.ts'
import {
  deadLetterReader,
  type FiledDeadLetter,
  folderOf,
} from '../../../shared/delivery/dead-letters/dead-letter-reader.ts'
import { recordFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'
import { type AzuriteStores, azuriteStores } from '../../support/azurite-stores.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const START = Date.UTC(2026, 2, 1)
const REFUSED = recordFault('payloadRefused', 'no')
const BY = { by: { user: 'ada', credential: 'ada@example.org' } }

let stores: AzuriteStores
let container: LeanContainer
beforeAll(async () => {
  stores = await azuriteStores()
})
afterAll(() => stores.stop())
beforeEach(async () => {
  container = await stores.container()
})

interface Death {
  readonly sink?: string
  readonly blob?: string
  readonly deadLetteredMs?: number
  readonly replay?: Replay
}

const dead = (lines: readonly number[], { sink = 'webhook', blob, deadLetteredMs = 0, replay }: Death = {}) =>
  deadLettersOf(
    sink,
    lines.map((n) => ({ archived: archivedEventAt(n, blob === undefined ? {} : { blob }), fault: REFUSED })),
    1,
    START,
    START + deadLetteredMs,
    replay,
  )
const write = (deadLetters: readonly DeadLetter[]) =>
  blobDeadLetters(container, virtualTime()).write(deadLetters)
/** What the storage dates by the second lies apart. */
const aSecondPasses = () => new Promise((resolve) => setTimeout(resolve, 1100))

const newestFirst = async (folder?: string): Promise<readonly (readonly FiledDeadLetter[])[]> => {
  const deadLetterGroups = []
  for await (const group of deadLetterReader(container).newestFirst(folder)) deadLetterGroups.push(group)
  return deadLetterGroups
}
const linesIn = (deadLetterGroups: readonly (readonly FiledDeadLetter[])[]) =>
  deadLetterGroups.map((group) => group.map(({ deadLetter }) => deadLetter.line))

describe('dead letters are read', () => {
  it('not at all where there are none', async () => {
    expect(await newestFirst()).toEqual([])
    expect(await deadLetterReader(container).ofBlob('v1/blob.jsonl.gz', ['webhook'])).toEqual([])
  })

  it('the latest first, those dead-lettered together together', async () => {
    await write(dead([1, 2], { deadLetteredMs: 1000 }))
    await write(dead([5], { deadLetteredMs: 3000, blob: 'v1/later.jsonl.gz' }))
    await write(dead([3], { deadLetteredMs: 2000, blob: 'v1/before.jsonl.gz' }))
    expect(linesIn(await newestFirst())).toEqual([[5], [3], [1, 2]])
  })

  it('in the order in which they were written, where that lies further apart', async () => {
    await write(dead([1], { deadLetteredMs: 9000, blob: 'v1/17a.jsonl.gz' }))
    await aSecondPasses()
    // More than are read at once: whole reads are in order, and what is in one is sorted by time.
    for (let n = 10; n < 26; n++) await write(dead([n], { blob: `v1/${n}.jsonl.gz` }))
    const lines = linesIn(await newestFirst()).flat()
    expect(lines).toHaveLength(17)
    expect(lines.at(-1)).toBe(1)
  })

  it('those of later messages first, where they were written within one second', async () => {
    const numbers = Array.from({ length: 20 }, (_, n) => 10 + n)
    // Where a second passes in between, the later ones are written later, too.
    for (const n of numbers) await write(dead([n], { blob: `v1/ingest_date=2026-03-01/${n}.jsonl.gz` }))
    expect(linesIn(await newestFirst()).flat()).toEqual(numbers.toReversed())
  })

  it('once, with its latest dead-lettering, although it was dead-lettered several times', async () => {
    await write(dead([1, 2], { deadLetteredMs: 1000 }))
    const replay: Replay = { mode: 'asArchived', askedAt: instant(START + 2000) }
    await write(dead([1], { deadLetteredMs: 3000, replay }))
    const deadLetterGroups = await newestFirst()
    expect(linesIn(deadLetterGroups)).toEqual([[1], [2]])
    expect(deadLetterGroups[0]?.[0]?.deadLetter).toMatchObject({ deadLetteredAt: START + 3000, replay })
    await write(dead([1, 2], { deadLetteredMs: 4000, replay: { ...replay, askedAt: instant(START + 3500) } }))
    expect(linesIn(await newestFirst())).toEqual([[1, 2]])
  })

  it('and nothing that lies beside them', async () => {
    await write(dead([1]))
    for (const name of [
      'v1/without-position/x.bin',
      'v1/webhook/blob/x.json',
      'v1/x.jsonl',
      'v1/webhook/x.jsonl',
      'v2/webhook/x.jsonl',
    ])
      await container.getBlockBlobClient(name).upload('no dead letter', 9)
    const reader = deadLetterReader(container)
    const found = []
    for await (const group of reader.newestFirst()) found.push(group)
    expect(linesIn(found)).toEqual([[1]])
    expect(reader.unreadable()).toBe(0)
  })

  it('without lines that are none, which are counted', async () => {
    await write(dead([1, 2]))
    const [{ name } = { name: '' }] = (await container.listBlobsFlat().byPage().next()).value.segment
      .blobItems
    const client = container.getBlockBlobClient(name)
    const text = `{"v":1,\n${await client.downloadToBuffer()}[]\n`
    await client.upload(text, text.length)
    for (const beside of ['000000-first.jsonl', '999999-last.jsonl'])
      await container.getBlockBlobClient(`v1/webhook/blob/${beside}`).upload('none', 4)
    const reader = deadLetterReader(container)
    const found = await reader.ofBlob('v1/blob.jsonl.gz', ['webhook'])
    expect(found.map(({ deadLetter }) => deadLetter.line)).toEqual([1, 2])
    expect(reader.unreadable()).toBe(4)
  })

  it('of one sink alone, where only that is asked for', async () => {
    await write(dead([1], { sink: 'webhook' }))
    await write(dead([2], { sink: 'log-analytics' }))
    expect(linesIn(await newestFirst('webhook'))).toEqual([[1]])
    expect(linesIn(await newestFirst())).toHaveLength(2)
  })

  it('of one archive blob, sink by sink, whether or not there is anything else', async () => {
    await write(dead([2], { sink: 'log-analytics' }))
    await write(dead([1]))
    await write(dead([3], { blob: 'v1/blob.jsonl.gz.other.jsonl.gz' }))
    const ofBlob = async (blob: string, ...sinks: readonly string[]) =>
      (await deadLetterReader(container).ofBlob(blob, sinks)).map(({ deadLetter }) => deadLetter.line)
    expect(await ofBlob('v1/blob.jsonl.gz', 'webhook', 'log-analytics')).toEqual([1, 2])
    expect(await ofBlob('v1/blob.jsonl.gz', 'log-analytics')).toEqual([2])
    expect(await ofBlob('v1/blob.jsonl.gz.other.jsonl.gz', 'webhook')).toEqual([3])
  })

  it('with what operators did about them, oldest first', async () => {
    const [one, two] = dead([1, 2], { deadLetteredMs: 1000 })
    if (one === undefined || two === undefined) throw new Error('no dead letters')
    await write([one, two])
    const action = (action: DeadLetterAction['action'], ms: number, { id } = one): DeadLetterAction => ({
      id,
      action,
      at: instant(START + ms),
    })
    // Under `discarded/` and `retried/`, whose order is another.
    await writeAction(container, action('retried', 2000), BY)
    await writeAction(container, action('discarded', 3000), { ...BY, reason: 'a test' })
    await writeAction(container, action('retried', 4000), BY)
    for (const beside of [
      'readme.txt',
      '5000.json.bak',
      'x/5000.json',
      'x5000.json',
      '.json',
      `${'9'.repeat(16)}.json`,
    ])
      await container.getBlockBlobClient(`retried/v1/${two.id}/${beside}`).upload('', 0)
    await container.getBlockBlobClient(`retried/v1/x/${two.id}/5000.json`).upload('', 0)
    const [group] = await newestFirst()
    expect(group?.map(({ state }) => state)).toEqual(['retried', 'open'])
    expect(group?.map(({ actions }) => actions.map(({ action }) => action))).toEqual([
      ['retried', 'discarded', 'retried'],
      [],
    ])
    expect(await readAction(container, action('discarded', 3000))).toEqual({ ...BY, reason: 'a test' })
    expect(await readAction(container, action('retried', 4000))).toEqual(BY)
  })
})

it('dead letters of records that never became events lie in a folder of their own', () => {
  expect([folderOf({ sink: 'webhook' }), folderOf({})]).toEqual(['webhook', 'records'])
})

it('an action that cannot be recorded is a durability error', async () => {
  await container.delete()
  const action: DeadLetterAction = { id: 'a', action: 'retried', at: instant(START) }
  await expect(writeAction(container, action, BY)).rejects.toMatchObject({
    name: 'DurabilityError',
    message: expect.stringContaining('Marking a dead letter'),
  })
})

describe('the state of a dead letter', () => {
  const deadLetteredAt = instant(1000)
  const action = (action: DeadLetterAction['action'], at: number): DeadLetterAction => ({
    id: 'a',
    action,
    at: instant(at),
  })

  it.each([
    ['open where nobody did anything', [], 'open'],
    ['what was done about it', [action('discarded', 2000)], 'discarded'],
    ['what was done in the instant that it was dead-lettered', [action('discarded', 1000)], 'discarded'],
    ['open again, where that was before it was dead-lettered', [action('retried', 999)], 'open'],
    ['what was done last', [action('retried', 3000), action('discarded', 2000)], 'retried'],
  ])('is %s', (_, actions, state) => {
    expect(stateOf({ deadLetteredAt }, actions)).toBe(state)
  })

  it('is open again once a retry was dead-lettered, although the retry was noted later', () => {
    const replay: Replay = { mode: 'asArchived', askedAt: instant(1500) }
    expect(stateOf({ deadLetteredAt, replay }, [action('retried', 1500)])).toBe('open')
    expect(stateOf({ deadLetteredAt, replay }, [action('retried', 1501)])).toBe('retried')
  })
})
