import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import {
  createLocalAuthority,
  LOCAL_HOSTS,
  type ServerCertificate,
} from '../../local/emulators/tls/local-authority.ts'
import type { DeliveryOutcome, Encoded, Sink } from '../../shared/delivery/sink.ts'
import type { ExportedEvent } from '../../shared/domain/exported-event.ts'
import { type Fault, isFault } from '../../shared/domain/fault.ts'
import { archived, detection } from '../support/archived-events.ts'
import { type ScriptedAnswer, status } from '../support/scripted-answer.ts'
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'
import { until } from '../support/until.ts'
import { CONTRACT_NOW_MS, type SinkTarget, type SinkTraits, type StartSink } from './sink-subject.ts'

/** What every group of the contract works with. */
export interface SinkFixture<E extends Encoded> {
  readonly traits: SinkTraits
  readonly server: () => ScriptedServer
  /** What the server shows, for another one that is to be trusted as well. */
  readonly issued: () => ServerCertificate
  /** The answer of a healthy receiver. */
  readonly healthy: (code?: number) => ScriptedAnswer
  /**
   * A new sink, so that no test inherits another's broken connections; aimed at the server unless
   * told otherwise.
   */
  readonly sink: (target?: Partial<SinkTarget>) => Promise<Sink<E>>
  readonly untouched: AbortSignal
}

/** Starts one scripted server for a `describe` block and heals it before each test. */
export function sinkFixture<E extends Encoded>(start: StartSink<E>, traits: SinkTraits): SinkFixture<E> {
  let server: ScriptedServer | undefined
  let caPem = ''
  let certificate: ServerCertificate | undefined
  const issued = (): ServerCertificate => {
    if (certificate === undefined) throw new Error('There is a certificate only inside a test.')
    return certificate
  }
  const healthy = (code: number = traits.delivered[0]): ScriptedAnswer =>
    status(code, {}, traits.saysWhenDelivered)
  const running = (): ScriptedServer => {
    if (server === undefined) throw new Error('The server runs only inside a test.')
    return server
  }
  beforeAll(async () => {
    const authority = await createLocalAuthority()
    caPem = authority.caPem
    certificate = await authority.issue(LOCAL_HOSTS)
    server = await startScriptedServer(certificate)
  })
  beforeEach(async () => {
    running().dropConnections()
    await until(
      () => running().open() === 0,
      20_000,
      () => 'all connections are closed',
    )
    running().forget()
    running().always(healthy())
  })
  afterAll(() => server?.stop())
  return {
    traits,
    server: running,
    issued,
    healthy,
    sink: async (target = {}) =>
      start({ origin: running().origin, caPem, nowMs: () => CONTRACT_NOW_MS, ...target }),
    untouched: new AbortController().signal,
  }
}

/** Encodes events that a sink must be able to encode. */
export const encoded = <E extends Encoded>(sink: Sink<E>, ...events: readonly ExportedEvent[]): E[] =>
  events.map((event) => {
    const result = sink.encode(archived(event))
    if (isFault(result)) throw new Error(`not encoded: ${result.code}`)
    return result
  })

/** Three events that go in one request. */
export const smallBatch = <E extends Encoded>(sink: Sink<E>): E[] =>
  encoded(sink, detection('one'), detection('two'), detection('three'))

/** The fault of a delivery that failed as a whole, after looking at what every fault must be. */
export function faultOf(outcome: DeliveryOutcome): Fault {
  if (outcome.status !== 'failed') throw new Error(`expected a failed delivery, got: ${outcome.status}`)
  return soundFault(outcome.fault)
}

/** A fault whose message an operator can read. */
export function soundFault(fault: Fault | undefined): Fault {
  if (fault === undefined) throw new Error('expected a fault')
  expect(fault.message).toMatch(/^.{20,600}$/su)
  return fault
}
