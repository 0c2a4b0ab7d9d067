import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordText } from '../../../local/checks/chaos/records.ts'
import { verify } from '../../../local/checks/verify/verify.ts'
import { ArchiveCounter } from '../../../local/console/archive-figures.ts'
import { SinkCounter, type SinkFigures } from '../../../local/console/sink-figures.ts'
import type { ArchiveLine } from '../../../shared/archive/archive-line.ts'
import { parseLine } from '../../../shared/archive/parse-line.ts'
import type { FlatEvent } from '../../../shared/domain/exported-event.ts'
import { archiveLines } from '../../support/archive-lines.ts'
import { riskyRecord } from '../../support/page-state.ts'
import { runEvidence } from '../../support/run-evidence.ts'

const START = Date.UTC(2026, 10, 2, 8, 30)
const DONE = new Map([['0', 1_000]])
const NOTHING = { checkpoints: DONE, pending: [], deadLetters: [] }

function counterOf(lines: readonly ArchiveLine[], accepts: (event: FlatEvent) => boolean = () => true) {
  const archive = new ArchiveCounter(new Map([['webhook', accepts]]))
  for (const line of lines) archive.add(line)
  return new SinkCounter(archive.archived, 'webhook')
}
const arrival = ({ blob, line }: ArchiveLine, atMs = START) => ({ blob, line, atMs })
const events = (n: number) =>
  archiveLines(Array.from({ length: n }, (_, i) => riskyRecord({ displayName: `app-${i}` })))
const sum = (f: SinkFigures) =>
  f.delivered + f.pending + f.deadLettered + f.duplicate + f.filtered + f.onTheWay + f.missing

describe('the figures of a sink', () => {
  it('are those of the judge of --once, whatever a receiver, the outbox and the dead letters hold', () => {
    const one = recordText(1)
    const bodies = [`{"records":[${one},${recordText(2)}]}`, one, recordText(3), `[${one},${recordText(4)}]`]
    const run = runEvidence(bodies.map((body) => Buffer.from(body)))
    const [blob] = run.archive
    if (blob === undefined) throw new Error('no archive')
    const lines = Buffer.from(blob.content)
      .toString()
      .trimEnd()
      .split('\n')
      .map((text, i) => parseLine(Buffer.from(text), blob.name, i))
    const whole = run.sinks[1]?.received ?? []
    const fate = fc.record({ times: fc.nat(2), pending: fc.boolean(), dead: fc.boolean() })
    fc.assert(
      fc.property(fc.array(fate, { minLength: 6, maxLength: 6 }), (fates) => {
        const pointers = fates.map((_, line) => ({ sink: 'webhook', blob: blob.name, line }))
        const pending = pointers.filter((_, i) => fates[i]?.pending)
        const deadLetters = pointers.filter((_, i) => fates[i]?.dead)
        const received = whole.flatMap((event, i) =>
          Array.from({ length: fates[i]?.times ?? 0 }, () => event),
        )
        const dead = deadLetters.map((p) => ({
          ...p,
          code: 'tooOld',
          firstTriedAtMs: 0,
          deadLetteredAtMs: 0,
        }))
        const verdict = verify({
          ...run,
          pending,
          deadLetters: dead,
          sinks: [{ name: 'webhook', received }],
        }).sinks.get('webhook')
        const counter = counterOf(lines)
        for (const [line, { times }] of fates.entries())
          for (let i = 0; i < times; i++) counter.store([{ blob: blob.name, line, atMs: START }])
        const shown = counter.figures({ checkpoints: DONE, pending, deadLetters })
        expect(verdict).toMatchObject({
          delivered: shown.delivered,
          pending: shown.pending,
          deadLettered: shown.deadLettered,
          duplicate: shown.duplicate,
          lost: shown.missing,
          received: shown.received,
          distinct: shown.received - shown.receivedTwice,
        })
        expect(sum(shown)).toBe(6)
      }),
    )
  })

  it('call missing what is nowhere though the host is done with it, and on the way what it is not done with', () => {
    const counter = counterOf(events(39))
    expect(counter.figures(NOTHING)).toMatchObject({ delivered: 0, duplicate: 0, missing: 39, received: 0 })
    expect(counter.figures({ ...NOTHING, checkpoints: new Map([['0', 29]]) })).toMatchObject({
      onTheWay: 9,
      missing: 30,
    })
    expect(counter.figures({ ...NOTHING, checkpoints: new Map() })).toMatchObject({
      onTheWay: 39,
      missing: 0,
    })
  })

  it('count an event once whose batch ran twice, whichever copy the receiver names', () => {
    const bodies = [riskyRecord(), riskyRecord({ riskLevel: 'low' })]
    const [short, long] = [archiveLines(bodies.slice(0, 1)), archiveLines(bodies)]
    const counter = counterOf([...short, ...long])
    counter.store([...short, ...long].map((line) => arrival(line)))
    expect(counter.figures(NOTHING)).toMatchObject({
      delivered: 2,
      missing: 0,
      received: 3,
      receivedTwice: 1,
    })
  })

  it('call filtered what the settings keep from the sink', () => {
    const counter = counterOf(events(2), ({ category }) => category !== 'RiskyServicePrincipals')
    expect(counter.figures(NOTHING)).toMatchObject({ filtered: 2, missing: 0 })
  })

  it('wait for the archive to be read before they count what a receiver has stored', () => {
    const [first] = events(1)
    if (first === undefined) throw new Error('no line')
    const archive = new ArchiveCounter()
    const counter = new SinkCounter(archive.archived, 'webhook')
    counter.store([arrival(first, START + 250)])
    expect(counter.figures(NOTHING)).toMatchObject({ delivered: 0, received: 0 })
    archive.add(first)
    expect(counter.figures(NOTHING)).toMatchObject({ delivered: 1, received: 1 })
  })

  it('measure latency from the enqueued time, however long nobody had posted anything before', () => {
    const lines = events(3)
    const counter = counterOf(lines)
    counter.store(lines.map((line) => arrival(line, line.position.enqueuedAt + 250)))
    counter.figures(NOTHING)
    expect(counter.latency.percentiles()).toEqual({ p50: 250, p99: 250 })
  })
})
