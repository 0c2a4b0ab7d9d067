import type { ArchiveContainer } from '../archive/archive-container.ts'
import { blobsBetween } from '../archive/list-blobs.ts'
import { operatorSettings } from '../config/operator-settings.ts'
import type { Actor } from '../delivery/dead-letters/action.ts'
import type { TenantId } from '../domain/identifiers.ts'
import { archiveInCopy } from '../evidence/verify/archive-in-copy.ts'
import type { EvidenceCopy } from '../evidence/verify/evidence-copy.ts'
import { type ProvableLog, readProvableLog } from '../evidence/verify/provable-log.ts'
import { type ArchiveHoldings, readHoldings } from '../operations/auditor/archive-holdings.ts'
import { type FoundRecords, findRecord, type RecordQuery } from '../operations/auditor/find-record.ts'
import { type ExportQuery, type SelectedLine, selectRecords } from '../operations/auditor/select-records.ts'
import type { AuditRange, LinesSeen } from '../operations/auditor/unique-lines.ts'
import { azureClients } from './azure-clients.ts'
import type { OperatorWorld } from './create-operator.ts'
import { currentActor } from './current-actor.ts'
import { evidenceCopy } from './evidence-copy.ts'
import { credentialOf } from './operator-credential.ts'

/**
 * What the commands for auditors call: they read the archive and its log, and write to neither.
 * Methods throw an SDK's error if a service does not answer.
 */
export interface Auditor {
  /** Absent: a copy does not tell. */
  readonly tenantId: TenantId | undefined
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
  /** The log, to prove records with; `undefined` if there is none. */
  provableLog(): Promise<ProvableLog | undefined>
  /** An archive blob as it is stored; `undefined` if there is none. */
  storedBlob(name: string): Promise<Buffer | undefined>
}

interface Sources {
  readonly tenantId: TenantId | undefined
  readonly who: () => Promise<Actor>
  readonly archive: () => Promise<ArchiveContainer>
  readonly copy: () => Promise<EvidenceCopy>
}

function auditorOver({ tenantId, who, archive, copy }: Sources): Auditor {
  const both = async () => ({ archive: await archive(), copy: await copy() })
  return {
    tenantId,
    who,

    async countBlobs({ from, to }) {
      let blobs = 0
      for await (const _ of blobsBetween(await archive(), from, to)) blobs += 1
      return blobs
    },

    holdings: async (range, onBlob) => readHoldings(await both(), range, onBlob),
    record: async (query, onBlob) => findRecord(await both(), query, onBlob),
    records: async (query, seen, onBlob) => selectRecords(await archive(), query, seen, onBlob),
    provableLog: async () => readProvableLog(await copy()),
    storedBlob: async (name) => (await copy()).read(name),
  }
}

/**
 * Wires up the auditors' commands to the account of the app.
 * @throws ConfigError that lists every problem of the settings
 */
export function createAuditor({
  env,
  credential,
  user,
  time,
}: Pick<OperatorWorld, 'env' | 'credential' | 'user' | 'time'>): Auditor {
  const settings = operatorSettings(env)
  const token = credentialOf(credential, settings.identityClientId, settings.tenantId)
  const clients = azureClients(settings, token, time)
  return auditorOver({
    tenantId: settings.tenantId,
    who: () => currentActor(user, settings, token, time),
    archive: () => clients.container('archive'),
    copy: () => evidenceCopy(settings, clients, { credential: token }, time),
  })
}

/** Wires up the auditors' commands to a copy, without the settings of an app. */
export function auditorOfCopy(copy: EvidenceCopy, who: () => Promise<Actor>): Auditor {
  const archive = archiveInCopy(copy)
  return auditorOver({
    tenantId: undefined,
    who,
    archive: async () => archive,
    copy: async () => copy,
  })
}
