import { archiveBlob } from '../archive/archive-blob.ts'
import { blobsBetween } from '../archive/list-blobs.ts'
import { readBlob, readLines } from '../archive/reader.ts'
import { operatorSettings } from '../config/operator-settings.ts'
import { type AppSettings, sourceOf } from '../config/parse-settings.ts'
import type { Environment } from '../config/setting-problems.ts'
import { acceptedBySink, sinkNames } from '../config/sinks-declared.ts'
import {
  type ActionNote,
  type Actor,
  type DeadLetterAction,
  readAction,
  writeAction,
} from '../delivery/dead-letters/action.ts'
import type { DeadLetter } from '../delivery/dead-letters/dead-letter.ts'
import { type DeadLetterReader, deadLetterReader } from '../delivery/dead-letters/dead-letter-reader.ts'
import { tableOutbox } from '../delivery/outbox/outbox-table.ts'
import { WAKE_UP_QUEUE, wakeUpQueue } from '../delivery/outbox/wake-up-queue.ts'
import { instant } from '../domain/identifiers.ts'
import type { Time } from '../domain/time.ts'
import type { ReconcileReport } from '../graph/reconcile-report.ts'
import { deadLetterSubjects, type Subject } from '../operations/dead-letter-subjects.ts'
import {
  type IdentityQuery,
  type IdentityReading,
  readIdentity,
} from '../operations/investigate/read-identity.ts'
import { type OnUnreadable, readableLines } from '../operations/readable-lines.ts'
import { type ReplayReport, type ReplayRequest, replay } from '../operations/replay/replay.ts'
import {
  type Report,
  type ReportName,
  type ReportQuery,
  readReport,
} from '../operations/report/read-report.ts'
import { type RetryReport, retryDeadLetters } from '../operations/retry-dead-letters.ts'
import type { Status } from '../operations/status/status.ts'
import type { OnRead, TraceQuery } from '../operations/trace/trace.ts'
import type { TracedRecord } from '../operations/trace/trace-steps.ts'
import { sideBySide } from '../pipeline/side-by-side.ts'
import { rereaderOf } from './assemble.ts'
import { azureClients } from './azure-clients.ts'
import { currentActor } from './current-actor.ts'
import { deviceCode } from './device-code.ts'
import { evidenceCopy } from './evidence-copy.ts'
import { type CredentialKind, credentialOf } from './operator-credential.ts'
import { operatorStatus } from './operator-status.ts'
import { operatorTrace } from './operator-trace.ts'
import { createReconciler, type ReconcileRequest } from './reconciler.ts'
import { type SendReport, sendMessages } from './send-messages.ts'

/**
 * What the command line calls. Methods throw DurabilityError, or an SDK's error, if a service does
 * not answer.
 */
export interface Operator {
  readonly settings: AppSettings
  /** Sinks enabled by the settings. */
  readonly sinksOn: readonly string[]
  /** Every sink that may be asked about, enabled or not. */
  readonly sinkNames: readonly string[]
  send(bodies: readonly Uint8Array[], onSent: (sent: number) => void): Promise<SendReport>
  status(): Promise<Status>
  deadLetters(): Promise<DeadLetterReader>
  note(action: DeadLetterAction): Promise<ActionNote>
  /** @param deadLetters those of one dead-letter blob */
  retry(deadLetters: readonly DeadLetter[]): Promise<RetryReport>
  discard(deadLetters: readonly DeadLetter[], reason: string): Promise<void>
  /** The identities dead letters are about, by dead letter id, as far as the archive tells. */
  subjectsOf(
    deadLetters: readonly DeadLetter[],
    onBlob?: (blobs: number, total: number) => void,
  ): Promise<ReadonlyMap<string, Subject>>
  /** Whether the archive has a blob of this name. */
  isArchived(blob: string): Promise<boolean>
  /** Archive and log, to verify them. */
  readonly evidence: () => ReturnType<typeof evidenceCopy>
  /** How many archive blobs may hold messages of a time range. */
  countBlobs(range: Pick<TraceQuery, 'from' | 'to'>): Promise<number>
  replay(
    request: Omit<ReplayRequest, 'filter'> & Pick<ReplayRequest['filter'], 'categories' | 'identity'>,
    onProgress: (so: ReplayReport) => void,
    signal: AbortSignal,
  ): Promise<ReplayReport>
  /**
   * Compares all that Graph knows with the archive, and sends what it lacks to the hub.
   * @param showCode signs in to Graph with a device code: shown to the person at the terminal
   */
  backfill(
    request: Omit<ReconcileRequest, 'graceMs' | 'maxHistories'>,
    showCode: ((message: string) => void) | undefined,
    signal: AbortSignal,
  ): Promise<ReconcileReport | 'busy'>
  report(report: ReportName, query: ReportQuery, onBlob: (blobs: number) => void): Promise<Report>
  /** All about one identity. */
  investigate(query: IdentityQuery, onBlob: (blobs: number) => void): Promise<IdentityReading>
  trace(
    request: TraceQuery,
    onRead: OnRead,
  ): Promise<{ readonly records: readonly TracedRecord[]; readonly more: boolean; readonly blobs: number }>
}

/** The command's external dependencies. */
export interface OperatorWorld {
  readonly env: Environment
  readonly credential: CredentialKind
  /** PEM of the embedded stack's certificate authority. */
  readonly caPem?: string | undefined
  /** Account on this machine. */
  readonly user: string
  readonly time: Time
  readonly newId: () => string
  /** Called for what is left out, since it cannot be read. */
  readonly onUnreadable: OnUnreadable
}

const NOTES_AT_ONCE = 16

/**
 * Wires up the operators' commands. Sends nothing to a sink, and needs no secret of one.
 * @throws ConfigError that lists every problem of the settings
 */
export function createOperator(world: OperatorWorld): Operator {
  const { env, credential, caPem, user, time, newId, onUnreadable } = world
  const settings = operatorSettings(env)
  const token = credentialOf(credential, settings.identityClientId, settings.tenantId)
  const clients = azureClients(settings, token, time)
  const accepted = acceptedBySink(settings)
  const rereader = rereaderOf(sourceOf(settings))
  const outbox = async () => tableOutbox(await clients.table('outbox'), time, newId)
  const wakeUps = async () => wakeUpQueue(await clients.queue(WAKE_UP_QUEUE), time)
  const readable = readableLines(onUnreadable)
  const reconciler = createReconciler(settings, clients, time, { onUnreadable })
  const deadLetterContainer = () => clients.container('deadletters')

  let known: Promise<Actor> | undefined
  const actor = (): Promise<Actor> => (known ??= currentActor(user, settings, token, time))

  async function noteAction(action: DeadLetterAction, by: Actor, reason?: string): Promise<void> {
    await writeAction(await deadLetterContainer(), action, {
      by,
      ...(reason === undefined ? {} : { reason }),
    })
  }

  return {
    settings,
    sinksOn: [...accepted.keys()],
    sinkNames: sinkNames(settings),

    async send(bodies, onSent) {
      const hub = await clients.hub()
      try {
        return await sendMessages(hub, bodies, onSent)
      } finally {
        await hub.close()
      }
    },

    status: async () =>
      operatorStatus(
        settings,
        clients,
        { accepted, outbox: await outbox(), lastReport: () => reconciler.lastReport(), readBlob: readable },
        time,
      ),

    deadLetters: async () => deadLetterReader(await deadLetterContainer()),
    note: async (action) => readAction(await deadLetterContainer(), action),

    async retry(deadLetters) {
      const archive = await clients.container('archive')
      const by = await actor()
      return retryDeadLetters(deadLetters, {
        readBlob: (blob) => readBlob(archive, blob),
        rereader,
        outbox: await outbox(),
        wakeUps: await wakeUps(),
        sinks: accepted,
        time,
        noteAction: ({ id }, at) => noteAction({ id, action: 'retried', at }, by),
      })
    },

    async discard(deadLetters, reason) {
      const by = await actor()
      const at = instant(time.now())
      await sideBySide(deadLetters, NOTES_AT_ONCE, ({ id }) =>
        noteAction({ id, action: 'discarded', at }, by, reason),
      )
    },

    async subjectsOf(deadLetters, onBlob) {
      const archive = await clients.container('archive')
      return deadLetterSubjects(deadLetters, (blob, lines) => readLines(archive, blob, lines), onBlob)
    },

    async isArchived(blob) {
      if (archiveBlob(blob) === undefined) return false
      return (await clients.container('archive')).getBlobClient(blob).exists()
    },

    async replay({ categories, identity, ...request }, onProgress, signal) {
      const accepts = accepted.get(request.sink) ?? (() => true)
      const filter = { accepts, categories: categories.map((c) => c.toLowerCase()), identity }
      const deps = {
        archive: await clients.container('archive'),
        rereader,
        outbox: await outbox(),
        wakeUps: await wakeUps(),
        time,
        onProgress,
      }
      return replay({ ...request, filter }, deps, signal)
    },

    async countBlobs({ from, to }) {
      let blobs = 0
      for await (const _ of blobsBetween(await clients.container('archive'), from, to)) blobs += 1
      return blobs
    },

    async backfill(request, showCode, signal) {
      const access = showCode === undefined ? { credential: token, caPem } : deviceCode(settings, showCode)
      const run = await createReconciler(settings, clients, time, { access, onUnreadable }).run(
        { ...request, graceMs: 0, maxHistories: Number.POSITIVE_INFINITY, isUnreported: true },
        signal,
      )
      return run === 'busy' ? run : run.report
    },

    evidence: () => evidenceCopy(settings, clients, { credential: token, caPem }, time),
    report: async (report, query, onBlob) =>
      readReport(await clients.container('archive'), report, query, onBlob, readable),
    investigate: async (query, onBlob) =>
      readIdentity(await clients.container('archive'), query, onBlob, readable),

    trace: async (query, onRead) =>
      operatorTrace(
        query,
        clients,
        { sinks: sinkNames(settings), outbox: await outbox(), readBlob: readable },
        onRead,
      ),
  }
}
