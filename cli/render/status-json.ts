import type { Instant } from '../../shared/domain/identifiers.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import type { ContextsStatus } from '../../shared/graph/context-requests/contexts-status.ts'
import type { ReconcileReport } from '../../shared/graph/reconcile-report.ts'
import type { Pending } from '../../shared/operations/status/oldest-pending.ts'
import type { Sealing } from '../../shared/operations/status/sealing.ts'
import type { Status } from '../../shared/operations/status/status.ts'

const iso = (at: Instant | undefined): string | null => (at === undefined ? null : isoInstant(at))
const pendingJson = ({ events, rows, oldestAt, fault }: Pending) => ({
  events,
  rows,
  oldestAt: iso(oldestAt),
  fault: fault ?? null,
})

/** A comparison with Graph: instants as ISO 8601. */
export const reconciledJson = ({ at, from, oldestMissingAt, ...report }: ReconcileReport) => ({
  at: isoInstant(at),
  from: isoInstant(from),
  oldestMissingAt: iso(oldestMissingAt),
  ...report,
})

const contextsJson = ({ waiting, oldestAskedAt, lastReadAt, notBefore, lacking }: ContextsStatus) => ({
  waiting,
  oldestAt: iso(oldestAskedAt),
  lastReadAt: iso(lastReadAt),
  notBefore: iso(notBefore),
  lacking,
})

const sealingJson = ({ end, overdue }: Sealing) => ({
  size: end?.size ?? null,
  root: end?.root.toString('base64') ?? null,
  keyId: end?.keyId ?? null,
  sealedAt: iso(end?.writtenAt),
  overdue,
})

/** `status --json`: instants as ISO 8601, null where there is none. */
export const statusJson = ({
  app,
  heartbeat,
  reconciled,
  contexts,
  sealing,
  partitions,
  sinks,
  ...found
}: Status) => ({
  tenantId: app.tenantId,
  namespace: app.namespace,
  hub: app.hub,
  consumerGroup: app.consumerGroup,
  heartbeat: { at: iso(heartbeat.at), overdue: heartbeat.overdue },
  program: {
    version: heartbeat.program?.version ?? null,
    sha256: heartbeat.program?.sha256 ?? null,
    deployedSha256: app.programSha256 ?? null,
  },
  reconciled: reconciled === undefined ? null : reconciledJson(reconciled),
  contexts: contexts === undefined ? null : contextsJson(contexts),
  log: sealing === undefined ? null : sealingJson(sealing),
  partitions: partitions.map((p) => ({
    partition: p.partition,
    state: p.state,
    behind: p.behind ?? null,
    expired: p.expired,
    checkpoint: p.checkpoint ?? null,
    lastSequenceNumber: p.lastSequenceNumber,
    lastEnqueuedAt: iso(p.lastEnqueuedAt),
  })),
  sinks: sinks.map((s) => ({
    sink: s.sink,
    on: s.on,
    pending: pendingJson(s.pending),
    replaying: pendingJson(s.replaying),
    deadLetters: s.deadLetters,
    lastDelivery:
      s.lastDelivery === undefined
        ? null
        : { at: isoInstant(s.lastDelivery.at), events: s.lastDelivery.events },
  })),
  faultyRecords: found.faultyRecords,
  countedAll: found.countedAll,
  unreadableDeadLetters: found.unreadableDeadLetters,
  rowsSetAside: found.rowsSetAside,
  clockAhead: found.clockAhead.map(({ sink, partition }) => ({ sink, partition })),
})
