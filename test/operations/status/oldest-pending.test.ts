import { beforeEach, describe, expect, it } from 'vitest'
import { pendingRows } from '../../../shared/delivery/outbox/outbox.ts'
import { type Fault, sinkFault, transientFault } from '../../../shared/domain/fault.ts'
import { instant, tenantId } from '../../../shared/domain/identifiers.ts'
import { refusalOf } from '../../../shared/operations/status/oldest-pending.ts'
import { needsAttention, type Status } from '../../../shared/operations/status/status.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'
import { type PendingWorld, pendingWorld } from '../../support/pending-world.ts'
import { scriptedSink } from '../../support/scripted-sink.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const UNAUTHORIZED = sinkFault('unauthorized', 'The receiver answered 401. Check WEBHOOK_SECRET.')

describe('a sink', () => {
  const time = virtualTime()
  let world: PendingWorld
  beforeEach(() => {
    world = pendingWorld(scriptedSink(), time)
  })
  const keepPending = (n: number, fault: Fault) =>
    world.outbox.append(
      world.outboxPartition,
      pendingRows([{ archived: archivedEventAt(n), fault }], instant(time.now())),
    )
  const refusal = (sink = world.outboxPartition.sink) => refusalOf(sink, world.outbox)

  it('that refuses what is pending for it is reported with the fault of the oldest, and what to check', async () => {
    await keepPending(1, UNAUTHORIZED)
    await keepPending(2, transientFault('breakerOpen', 'left alone'))
    expect(await refusal()).toEqual(
      sinkFault('unauthorized', 'The receiver answered 401. Check WEBHOOK_SECRET. Pending: 2 events.'),
    )
    expect(await refusal('another')).toBeUndefined()
  })

  it('that is down for a while, or for which nothing is pending, refuses nothing', async () => {
    expect(await refusal()).toBeUndefined()
    await keepPending(1, transientFault('unavailable', 'down'))
    expect(await refusal()).toBeUndefined()
  })
})

describe('what needs a person', () => {
  const nothing = { events: 0, rows: 0, oldestAt: undefined, fault: undefined }
  const sink = {
    sink: 'webhook',
    on: true,
    pending: nothing,
    replaying: nothing,
    deadLetters: 0,
    lastDelivery: undefined,
  }
  const WELL: Status = {
    app: {
      tenantId: tenantId('11111111-2222-4333-8444-555555555555'),
      namespace: 'risk.servicebus.windows.net',
      hub: 'entra-risk',
      consumerGroup: '$Default',
    },
    heartbeat: { at: undefined, overdue: false },
    reconciled: undefined,
    contexts: undefined,
    sealing: undefined,
    partitions: [
      {
        partition: '0',
        behind: 0,
        expired: 0,
        state: 'reading',
        checkpoint: 4,
        lastSequenceNumber: 4,
        lastEnqueuedAt: undefined,
      },
    ],
    sinks: [sink],
    faultyRecords: 0,
    countedAll: true,
    unreadableDeadLetters: 0,
    rowsSetAside: 0,
    clockAhead: [],
  }
  const [reading] = WELL.partitions
  const pendingFor = (fault: Fault) => ({ ...sink, pending: { ...nothing, events: 3, fault } })

  it('is nothing where all is well, or passes by itself', () => {
    expect(needsAttention(WELL)).toBe(false)
    expect(needsAttention({ ...WELL, sinks: [pendingFor(transientFault('throttled', 'later'))] })).toBe(false)
  })

  it.each<[string, Partial<Status>]>([
    ['an app that has missed its heartbeats', { heartbeat: { at: undefined, overdue: true } }],
    [
      'a program that is not the deployed one',
      {
        app: { ...WELL.app, programSha256: 'ab' },
        heartbeat: { at: instant(1), program: { sha256: 'cd' }, overdue: false },
      },
    ],
    ['a sink that refuses', { sinks: [pendingFor(UNAUTHORIZED)] }],
    ['a dead letter', { sinks: [{ ...sink, deadLetters: 1 }] }],
    ['a record that never became an event', { faultyRecords: 1 }],
    ['a dead letter that cannot be read', { unreadableDeadLetters: 1 }],
    ['a row that cannot be read', { rowsSetAside: 1 }],
    ['a message that the hub dropped unread', { partitions: reading ? [{ ...reading, expired: 1 }] : [] }],
    ['a checkpoint beyond the end', { partitions: reading ? [{ ...reading, state: 'beyondEnd' }] : [] }],
  ])('is %s', (_, change) => {
    expect(needsAttention({ ...WELL, ...change })).toBe(true)
  })
})
