import { blobsBetween } from '../archive/list-blobs.ts'
import { operatorSettings } from '../config/operator-settings.ts'
import type { Actor } from '../delivery/dead-letters/action.ts'
import type { TenantId } from '../domain/identifiers.ts'
import { blobLogStore } from '../evidence/blob-log-store.ts'
import { type ArchiveHoldings, readHoldings } from '../operations/auditor/archive-holdings.ts'
import { type BlobEvidence, blobEvidence } from '../operations/auditor/blob-evidence.ts'
import { type FoundRecords, findRecord, type RecordQuery } from '../operations/auditor/find-record.ts'
import { readSealedLog, type SealedLog } from '../operations/auditor/sealed-log.ts'
import { type ExportQuery, type SelectedLine, selectRecords } from '../operations/auditor/select-records.ts'
import type { AuditRange, LinesSeen } from '../operations/auditor/unique-lines.ts'
import { azureClients } from './azure-clients.ts'
import type { OperatorWorld } from './create-operator.ts'
import { currentActor } from './current-actor.ts'
import { logContainers } from './log-containers.ts'
import { credentialOf } from './operator-credential.ts'

/** What the log says about some blobs, and what they are now. */
export interface EvidenceOfBlobs {
  readonly log: SealedLog | undefined
  readonly blobs: readonly BlobEvidence[]
}

/**
 * What the commands for auditors call: they read the archive and its log, and write to neither.
 * Methods throw an SDK's error if a service does not answer.
 */
export interface Auditor {
  readonly tenantId: TenantId
  /** Who runs the command. */
  who(): Promise<Actor>
  /** How many archive blobs may hold messages of a time range. */
  countBlobs(range: AuditRange): Promise<number>
  holdings(range: AuditRange, onBlob: (blobs: number) => void): Promise<ArchiveHoldings>
  record(query: RecordQuery, onBlob: (blobs: number) => void): Promise<FoundRecords>
  records(
    query: ExportQuery,
    seen: LinesSeen,
    onBlob: (blobs: number) => void,
  ): Promise<AsyncIterable<SelectedLine>>
  evidenceOf(blobs: ReadonlySet<string>): Promise<EvidenceOfBlobs>
}

/**
 * Wires up the auditors' commands.
 * @throws ConfigError that lists every problem of the settings
 */
export function createAuditor({
  env,
  credential,
  user,
  time,
}: Pick<OperatorWorld, 'env' | 'credential' | 'user' | 'time'>): Auditor {
  const settings = operatorSettings(env)
  const token = credentialOf(credential, settings.identityClientId)
  const clients = azureClients(settings, token, time)
  const archiveOf = () => clients.container('archive')
  const logOf = async () => blobLogStore(await logContainers(settings, clients), time)

  return {
    tenantId: settings.tenantId,
    who: () => currentActor(user, settings, token, time),

    async countBlobs({ from, to }) {
      let blobs = 0
      for await (const _ of blobsBetween(await archiveOf(), from, to)) blobs += 1
      return blobs
    },

    holdings: async (range, onBlob) =>
      readHoldings({ archive: await archiveOf(), log: await logOf() }, range, onBlob),

    record: async (query, onBlob) =>
      findRecord({ archive: await archiveOf(), log: await logOf(), time }, query, onBlob),

    records: async (query, seen, onBlob) => selectRecords(await archiveOf(), query, seen, onBlob),

    async evidenceOf(names) {
      const archive = await archiveOf()
      const log = await readSealedLog(await logOf(), (name) => names.has(name))
      const blobs: BlobEvidence[] = []
      for (const name of names) blobs.push(await blobEvidence(archive, log, name, time))
      return { log, blobs }
    },
  }
}
