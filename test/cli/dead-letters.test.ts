import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordFault } from '../../shared/domain/fault.ts'
import { unsplitMessage } from '../../shared/source/unsplit-message.ts'
import { envelope, messageAt, riskRecord } from '../support/ingest-world.ts'
import { type CliOptions, cli, withoutHashes } from './cli-under-test.ts'
import { type Situation, situation } from './stored-situation.ts'

let stored: Situation
let options: CliOptions
beforeAll(async () => {
  stored = await situation()
  options = { env: stored.env, nowMs: () => stored.world.time.now() }
})
afterAll(() => stored.azurite.stop())

const golden = (name: string) => `../golden/cli/dead-letters-${name}`
const deadLetters = async (...words: string[]) => {
  const { stdout } = await cli(['dead-letters', 'list', '--json', ...words], options)
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { id: string; state: string; sink?: string; fault: { code: string } })
}
const ofWebhook = async () => (await deadLetters('--sink', 'webhook', '--retried', '--discarded'))[0]

describe('dead-letters', () => {
  it('list shows what is open, the latest first', async () => {
    const { code, stdout, stderr } = await cli(['dead-letters', 'list'], options)
    expect([code, stderr]).toEqual([0, ''])
    await expect(withoutHashes(stdout)).toMatchFileSnapshot(golden('list.txt'))
  })

  it('list --json prints one object a line, and filters by sink and code', async () => {
    const all = await cli(['dead-letters', 'list', '--json'], options)
    await expect(withoutHashes(all.stdout)).toMatchFileSnapshot(golden('list.ndjson'))
    expect((await deadLetters('--sink', 'webhook')).map((l) => l.fault.code)).toEqual(['payloadRefused'])
    expect((await deadLetters('--sink', 'records')).map((l) => l.sink)).toEqual([undefined, undefined])
    expect((await deadLetters('--code', 'bodyNotJson')).map((l) => l.fault.code)).toEqual(['bodyNotJson'])
    expect(await deadLetters('--code', 'gone')).toEqual([])
  })

  it('list says when there are more than it shows', async () => {
    const { stdout } = await cli(['dead-letters', 'list', '--limit', '1'], options)
    expect(stdout).toContain('There are more: --limit 10 shows them.')
  })

  it('show says what to check', async () => {
    const deadLetter = await ofWebhook()
    const { code, stdout } = await cli(['dead-letters', 'show', deadLetter?.id ?? ''], options)
    expect(code).toBe(0)
    await expect(withoutHashes(stdout)).toMatchFileSnapshot(golden('show.txt'))
  })

  it('show, retry and discard say that there is no such dead letter', async () => {
    for (const words of [['show'], ['retry'], ['discard', '--reason', 'why not']]) {
      const { code, stdout, stderr } = await cli(['dead-letters', ...words, '0'.repeat(16)], options)
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toContain('There is no dead letter 0000000000000000')
    }
  })

  it('retry hands an event to its sink past every pending delivery, and marks the dead letter', async () => {
    stored.mend()
    const deadLetter = await ofWebhook()
    const taken = stored.siem.taken.length
    const { code, stdout } = await cli(['dead-letters', 'retry', deadLetter?.id ?? ''], options)
    expect([code, stdout]).toEqual([0, '1 dead letter queued: risk-export status shows how many are left.\n'])
    expect((await stored.world.queue.peekMessages()).peekedMessageItems.length).toBeGreaterThan(0)
    await stored.world.drain()
    expect(stored.siem.taken.length).toBe(taken + 2)
    expect((await ofWebhook())?.state).toBe('retried')
    expect(await deadLetters('--sink', 'webhook')).toEqual([])
  })

  it('retry of a record that never became an event says when it still cannot', async () => {
    const { code, stdout } = await cli(
      ['dead-letters', 'retry', '--all', '--sink', 'records', '--json'],
      options,
    )
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({ retried: 0, stillFaulty: 2, unwanted: 0, sinksOff: [] })
    expect(await deadLetters('--sink', 'records')).toHaveLength(2)
  })

  it('retry of a record that normalises today hands it to every sink that is on', async () => {
    const { world, logs, siem } = stored
    await world.ingest([messageAt(20, envelope(riskRecord(20)), '2')], (message) =>
      unsplitMessage(message, recordFault('internalFault', 'An older program could not do it.')),
    )
    const [deadLetter] = await deadLetters('--code', 'internalFault')
    const before = [logs.taken.length, siem.taken.length]
    const { code } = await cli(['dead-letters', 'retry', deadLetter?.id ?? ''], options)
    expect(code).toBe(0)
    await world.drain()
    expect([logs.taken.length, siem.taken.length]).toEqual(before.map((n) => n + 1))
    expect(logs.taken.at(-1)).toBe(siem.taken.at(-1))
    expect(await deadLetters('--code', 'internalFault')).toEqual([])
  })

  it('discard keeps the dead letter, the reason, and who said so', async () => {
    const [deadLetter] = await deadLetters('--code', 'bodyNotJson')
    const id = deadLetter?.id ?? ''
    const discard = await cli(
      ['dead-letters', 'discard', id, '--reason', 'Sender mended \u001b[31m'],
      options,
    )
    expect([discard.code, withoutHashes(discard.stdout)]).toEqual([
      0,
      'Discarded hash-00000000001: the reason is stored with it.\n',
    ])
    expect(await deadLetters('--code', 'bodyNotJson')).toEqual([])
    expect(await deadLetters('--code', 'bodyNotJson', '--discarded')).toMatchObject([
      { id, state: 'discarded' },
    ])
    const shown = await cli(['dead-letters', 'show', id], options)
    // A terminal obeys what a reason may hold.
    expect(shown.stdout).not.toContain('\u001b')
    await expect(withoutHashes(shown.stdout)).toMatchFileSnapshot(golden('show-discarded.txt'))
  })

  it.each([
    [['dead-letters', 'show'], 'Expected one ID.'],
    [['dead-letters', 'show', 'xyz'], 'Expected the id of a dead letter: 16 hex digits.'],
    [['dead-letters', 'discard', '0'.repeat(16)], '--reason: expected 1 to 1000 characters.'],
    [['dead-letters', 'retry', '--all'], '--all requires --sink.'],
    [
      ['dead-letters', 'retry', '--all', '--sink', 'nobody'],
      '--sink: expected log-analytics or webhook or records.',
    ],
    [['dead-letters', 'retry', '0'.repeat(16), '--sink', 'webhook'], '--sink and --code require --all.'],
    [['dead-letters', 'list', '--code', 'nonsense'], '--code: expected '],
    [['dead-letters', 'write'], 'Expected dead-letters list, dead-letters show'],
  ])('%j is refused with what is expected', async (words, expected) => {
    const { code, stdout, stderr } = await cli(words, options)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(expected)
  })
})
