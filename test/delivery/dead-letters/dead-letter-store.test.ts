import type { ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type LetterMarker,
  readMarker,
  stateOf,
  writeMarker,
} from '../../../shared/delivery/dead-letters/action.ts'
import { type DeadLetter, lettersOf, type Replay } from '../../../shared/delivery/dead-letters/dead-letter.ts'
import { blobDeadLetters } from '../../../shared/delivery/dead-letters/dead-letter-blobs.ts'
import {
  type FiledLetter,
  folderOf,
  letterBook,
} from '../../../shared/delivery/dead-letters/dead-letter-store.ts'
import { recordFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { type AzuriteStores, azuriteStores } from '../../support/azurite-stores.ts'
import { placed } from '../../support/placed-events.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const START = Date.UTC(2026, 2, 1)
const REFUSED = recordFault('payloadRefused', 'no')
const BY = { by: { user: 'ada', credential: 'ada@example.org' } }

let stores: AzuriteStores
let container: ContainerClient
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
  readonly diedMs?: number
  readonly replay?: Replay
}

const dead = (lines: readonly number[], { sink = 'webhook', blob, diedMs = 0, replay }: Death = {}) =>
  lettersOf(
    sink,
    lines.map((n) => ({ archived: placed(n, blob === undefined ? {} : { blob }), fault: REFUSED })),
    1,
    START,
    START + diedMs,
    replay,
  )
const bury = (letters: readonly DeadLetter[]) => blobDeadLetters(container, virtualTime()).bury(letters)
/** What the storage dates by the second lies apart. */
const aSecondPasses = () => new Promise((resolve) => setTimeout(resolve, 1100))

const newestFirst = async (folder?: string): Promise<readonly (readonly FiledLetter[])[]> => {
  const burials = []
  for await (const burial of letterBook(container).newestFirst(folder)) burials.push(burial)
  return burials
}
const linesIn = (burials: readonly (readonly FiledLetter[])[]) =>
  burials.map((burial) => burial.map(({ letter }) => letter.line))

describe('dead letters are told', () => {
  it('not at all where there are none', async () => {
    expect(await newestFirst()).toEqual([])
    expect(await letterBook(container).ofBlob('v1/blob.jsonl.gz', ['webhook'])).toEqual([])
  })

  it('the latest death first, those that died together together', async () => {
    await bury(dead([1, 2], { diedMs: 1000 }))
    await bury(dead([5], { diedMs: 3000, blob: 'v1/later.jsonl.gz' }))
    await bury(dead([3], { diedMs: 2000, blob: 'v1/before.jsonl.gz' }))
    expect(linesIn(await newestFirst())).toEqual([[5], [3], [1, 2]])
  })

  it('in the order in which they were written, where that lies further apart', async () => {
    await bury(dead([1], { diedMs: 9000, blob: 'v1/0.jsonl.gz' }))
    await aSecondPasses()
    // More than are read at once: whole reads are in order, and what is in one is sorted by death.
    for (let n = 10; n < 26; n++) await bury(dead([n], { blob: `v1/${n}.jsonl.gz` }))
    const lines = linesIn(await newestFirst()).flat()
    expect(lines).toHaveLength(17)
    expect(lines.at(-1)).toBe(1)
  })

  it('once, with its latest death, although a letter died several times', async () => {
    await bury(dead([1, 2], { diedMs: 1000 }))
    const replay: Replay = { mode: 'asArchived', askedAt: instant(START + 2000) }
    await bury(dead([1], { diedMs: 3000, replay }))
    const burials = await newestFirst()
    expect(linesIn(burials)).toEqual([[1], [2]])
    expect(burials[0]?.[0]?.letter).toMatchObject({ diedAt: START + 3000, replay })
    await bury(dead([1, 2], { diedMs: 4000, replay: { ...replay, askedAt: instant(START + 3500) } }))
    expect(linesIn(await newestFirst())).toEqual([[1, 2]])
  })

  it('and nothing that lies beside them', async () => {
    await bury(dead([1]))
    for (const name of ['v1/unplaced/x.bin', 'v1/webhook/x.json', 'v2/webhook/x.jsonl'])
      await container.getBlockBlobClient(name).upload('no letter', 9)
    expect(linesIn(await newestFirst())).toEqual([[1]])
  })

  it('of one sink alone, where only that is asked for', async () => {
    await bury(dead([1], { sink: 'webhook' }))
    await bury(dead([2], { sink: 'log-analytics' }))
    expect(linesIn(await newestFirst('webhook'))).toEqual([[1]])
    expect(linesIn(await newestFirst())).toHaveLength(2)
  })

  it('of one archive blob, sink by sink, whether or not there is anything else', async () => {
    await bury(dead([2], { sink: 'log-analytics' }))
    await bury(dead([1]))
    await bury(dead([3], { blob: 'v1/blob.jsonl.gz.other.jsonl.gz' }))
    const ofBlob = async (blob: string, ...sinks: readonly string[]) =>
      (await letterBook(container).ofBlob(blob, sinks)).map(({ letter }) => letter.line)
    expect(await ofBlob('v1/blob.jsonl.gz', 'webhook', 'log-analytics')).toEqual([1, 2])
    expect(await ofBlob('v1/blob.jsonl.gz', 'log-analytics')).toEqual([2])
    expect(await ofBlob('v1/blob.jsonl.gz.other.jsonl.gz', 'webhook')).toEqual([3])
  })

  it('with what operators did about them, oldest first', async () => {
    const [one, two] = dead([1, 2], { diedMs: 1000 })
    if (one === undefined || two === undefined) throw new Error('no letters')
    await bury([one, two])
    const marker = (deed: LetterMarker['deed'], ms: number, { id } = one): LetterMarker => ({
      id,
      deed,
      at: instant(START + ms),
    })
    // Under `discarded/` and `retried/`, whose order is another.
    await writeMarker(container, marker('retried', 2000), BY)
    await writeMarker(container, marker('discarded', 3000), { ...BY, reason: 'a test' })
    await writeMarker(container, marker('retried', 4000), BY)
    await container.getBlockBlobClient(`retried/v1/${two.id}/readme.txt`).upload('', 0)
    const [burial] = await newestFirst()
    expect(burial?.map(({ state }) => state)).toEqual(['retried', 'open'])
    expect(burial?.map(({ markers }) => markers.map(({ deed }) => deed))).toEqual([
      ['retried', 'discarded', 'retried'],
      [],
    ])
    expect(await readMarker(container, marker('discarded', 3000))).toEqual({ ...BY, reason: 'a test' })
    expect(await readMarker(container, marker('retried', 4000))).toEqual(BY)
  })
})

it('letters of records that never became events lie in a folder of their own', () => {
  expect([folderOf({ sink: 'webhook' }), folderOf({})]).toEqual(['webhook', 'records'])
})

it('a deed that cannot be noted is a durability error', async () => {
  await container.delete()
  const marker: LetterMarker = { id: 'a', deed: 'retried', at: instant(START) }
  await expect(writeMarker(container, marker, BY)).rejects.toMatchObject({
    name: 'DurabilityError',
    message: expect.stringContaining('Marking a dead letter'),
  })
})

describe('the state of a dead letter', () => {
  const diedAt = instant(1000)
  const marker = (deed: LetterMarker['deed'], at: number): LetterMarker => ({
    id: 'a',
    deed,
    at: instant(at),
  })

  it.each([
    ['open where nobody did anything', [], 'open'],
    ['what was done about it', [marker('discarded', 2000)], 'discarded'],
    ['what was done in the instant of its death', [marker('discarded', 1000)], 'discarded'],
    ['open again, where that was before it died', [marker('retried', 999)], 'open'],
    ['what was done last', [marker('retried', 3000), marker('discarded', 2000)], 'retried'],
  ])('is %s', (_, markers, state) => {
    expect(stateOf({ diedAt }, markers)).toBe(state)
  })

  it('is open again once it died of a retry, although that was noted after its death', () => {
    const replay: Replay = { mode: 'asArchived', askedAt: instant(1500) }
    expect(stateOf({ diedAt, replay }, [marker('retried', 1500)])).toBe('open')
    expect(stateOf({ diedAt, replay }, [marker('retried', 1501)])).toBe('retried')
  })
})
