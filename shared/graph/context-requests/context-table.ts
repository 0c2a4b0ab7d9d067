import { AS_STORED, integerIn, type StoredEntity, textIn } from '../../azure/entity-value.ts'
import type { LeanTable } from '../../azure/lean-table.ts'
import { hasStatus } from '../../azure/storage-condition.ts'
import { filterText } from '../../azure/table-key.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'
import { sha256Hex } from '../../encoding/digest.ts'
import { type ContextRequest, type KnownContext, rankOf, subjectKey } from './context-request.ts'

export const CONTEXT_TABLE = 'contexts'

/** A request that waits. */
export interface WaitingRequest {
  readonly key: string
  readonly request: ContextRequest
  readonly askedAt: Instant
  /** How often reading it has failed. */
  readonly attempts: number
}

/** What the processes share about reading contexts. */
export interface ContextState {
  /** The hour that `inHour` counts, since 1970. */
  readonly hour: number
  /** Contexts read in that hour. */
  readonly inHour: number
  readonly lastReadAt?: Instant
  /** Nothing is read before this: Graph or the hub did not answer. */
  readonly notBefore?: Instant
  /** What the last contexts lacked: permissions and licences. */
  readonly lacking: readonly string[]
}

/**
 * Requests and what has been read, in a storage table. A request is written blindly, and has a row
 * of its own per identity, severity and named credentials: none can undo another.
 */
export interface ContextTable {
  add(requests: readonly ContextRequest[], askedAt: Instant): Promise<void>
  /** At most `MAX_WAITING`. */
  waiting(): Promise<readonly WaitingRequest[]>
  isAnyWaiting(): Promise<boolean>
  known(request: ContextRequest): Promise<KnownContext | undefined>
  setKnown(request: ContextRequest, known: KnownContext): Promise<void>
  remove(waiting: readonly WaitingRequest[]): Promise<void>
  /** Notes that reading them has failed. */
  postpone(waiting: readonly WaitingRequest[]): Promise<void>
  state(): Promise<ContextState>
  setState(state: ContextState): Promise<void>
}

/** More wait in the table. */
const MAX_WAITING = 5000
const PAGE = 1000
const WAITING = 'waiting'
const KNOWN = 'known'
const STATE = { partitionKey: 'state', rowKey: 'state' }
const NO_STATE: ContextState = { hour: 0, inHour: 0, lacking: [] }

const whole = (value: number) => ({ type: 'Int64', value: String(value) }) as const
const lines = (property: unknown): readonly string[] =>
  (textIn(property) ?? '').split('\n').filter((line) => line !== '')

/** Row key of a request. */
export const requestKey = (request: ContextRequest): string =>
  [subjectKey(request), rankOf(request), sha256Hex(request.keyIds.join('\n')).slice(0, 16)].join('|')

/** @returns `undefined` for a row that this program did not write */
function parseWaiting(entity: StoredEntity): WaitingRequest | undefined {
  const [id, type, tenantId, level, state] = ['id', 'type', 'tenantId', 'level', 'state'].map((name) =>
    textIn(entity[name]),
  )
  const at = integerIn(entity['at'])
  const askedAt = integerIn(entity['askedAt'])
  const key = entity['rowKey']
  if (id === undefined || tenantId === undefined || state === undefined || typeof key !== 'string')
    return undefined
  if (at === undefined || askedAt === undefined || (type !== 'servicePrincipal' && type !== 'agent'))
    return undefined
  return {
    key,
    request: {
      id,
      type,
      tenantId,
      ...(level === undefined ? {} : { level }),
      state,
      keyIds: lines(entity['keyIds']),
      at: instant(at),
    },
    askedAt: instant(askedAt),
    attempts: integerIn(entity['attempts']) ?? 0,
  }
}

async function orUndefined<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (hasStatus(error, 404)) return undefined
    throw error
  }
}

export function contextTable(table: LeanTable): ContextTable {
  const pagesOf = (maxPageSize: number) =>
    table
      .listEntities<StoredEntity>({
        ...AS_STORED,
        queryOptions: { filter: `PartitionKey eq ${filterText(WAITING)}` },
      })
      .byPage({ maxPageSize })

  return {
    async add(requests, askedAt) {
      await table.submitTransaction(
        requests.map((request) => [
          'upsert',
          {
            partitionKey: WAITING,
            rowKey: requestKey(request),
            id: request.id,
            type: request.type,
            tenantId: request.tenantId,
            ...(request.level === undefined ? {} : { level: request.level }),
            state: request.state,
            keyIds: request.keyIds.join('\n'),
            at: whole(request.at),
            askedAt: whole(askedAt),
          },
          // Keeps the attempts.
          'Merge',
        ]),
      )
    },
    async waiting() {
      const found: WaitingRequest[] = []
      for await (const page of pagesOf(PAGE)) {
        for (const entity of page) {
          const one = parseWaiting(entity)
          if (one !== undefined) found.push(one)
          // It would wait for ever.
          else await orUndefined(() => table.deleteEntity(WAITING, String(entity['rowKey'])))
        }
        if (found.length >= MAX_WAITING) break
      }
      return found
    },
    async isAnyWaiting() {
      for await (const page of pagesOf(1)) if (page.length > 0) return true
      return false
    },
    async known(request) {
      const entity = await orUndefined(() =>
        table.getEntity<StoredEntity>(KNOWN, subjectKey(request), AS_STORED),
      )
      const at = integerIn(entity?.['at'])
      const rank = integerIn(entity?.['rank'])
      if (at === undefined || rank === undefined) return undefined
      return { at: instant(at), rank, keyIds: lines(entity?.['keyIds']) }
    },
    async setKnown(request, { rank, keyIds, at }) {
      const rowKey = subjectKey(request)
      await table.upsertEntity(
        { partitionKey: KNOWN, rowKey, rank: whole(rank), keyIds: keyIds.join('\n'), at: whole(at) },
        'Replace',
      )
    },
    async remove(waiting) {
      for (const { key } of waiting) await orUndefined(() => table.deleteEntity(WAITING, key))
    },
    async postpone(waiting) {
      for (const { key, attempts } of waiting)
        await orUndefined(() =>
          table.updateEntity({ partitionKey: WAITING, rowKey: key, attempts: whole(attempts + 1) }, 'Merge'),
        )
    },
    async state() {
      const entity = await orUndefined(() =>
        table.getEntity<StoredEntity>(STATE.partitionKey, STATE.rowKey, AS_STORED),
      )
      if (entity === undefined) return NO_STATE
      const lastReadAt = integerIn(entity['lastReadAt'])
      const notBefore = integerIn(entity['notBefore'])
      return {
        hour: integerIn(entity['hour']) ?? 0,
        inHour: integerIn(entity['inHour']) ?? 0,
        ...(lastReadAt === undefined ? {} : { lastReadAt: instant(lastReadAt) }),
        ...(notBefore === undefined ? {} : { notBefore: instant(notBefore) }),
        lacking: lines(entity['lacking']),
      }
    },
    async setState({ hour, inHour, lastReadAt, notBefore, lacking }) {
      await table.upsertEntity(
        {
          ...STATE,
          hour: whole(hour),
          inHour: whole(inHour),
          ...(lastReadAt === undefined ? {} : { lastReadAt: whole(lastReadAt) }),
          ...(notBefore === undefined ? {} : { notBefore: whole(notBefore) }),
          lacking: lacking.join('\n'),
        },
        'Replace',
      )
    },
  }
}
