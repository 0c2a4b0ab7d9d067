import type { ContainerClient } from '@azure/storage-blob'
import type { LeanContainer } from '../../azure/lean-container.ts'
import { readBytes } from '../../azure/read-bytes.ts'
import { DurabilityError } from '../../domain/durability-error.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import type { DeadLetter } from './dead-letter.ts'

/** What an operator did to a dead letter; the dead letter itself never changes. */
export const ACTIONS = ['retried', 'discarded'] as const
export type ActionKind = (typeof ACTIONS)[number]

export type DeadLetterState = 'open' | ActionKind

/** Who acted, as far as the command can tell. */
export interface Actor {
  /** Account name on the machine. */
  readonly user: string
  /** Name or id of the account whose rights were used; never a secret. */
  readonly credential: string
}

export interface DeadLetterAction {
  readonly id: string
  readonly action: ActionKind
  readonly at: Instant
}

/** Contents of an action's marker blob. */
export interface ActionNote {
  readonly by: Actor
  readonly reason?: string
}

/**
 * An action covers earlier dead-lettering only: a later one reopens it. The latest action counts.
 */
export function stateOf(
  { deadLetteredAt, replay }: Pick<DeadLetter, 'deadLetteredAt' | 'replay'>,
  actions: readonly DeadLetterAction[],
): DeadLetterState {
  const after = actions
    .filter((m) => m.at >= deadLetteredAt && (replay === undefined || m.at > replay.askedAt))
    .sort((a, b) => a.at - b.at)
  return after.at(-1)?.action ?? 'open'
}

/** `<action>/v1/<dead letter id>/<epoch ms>.json`, next to the dead letters under `v1/`. */
const actionName = ({ id, action, at }: DeadLetterAction): string => `${action}/v1/${id}/${at}.json`
/** Behind `<action>/v1/`. An instant of fifteen digits is one that a date can hold. */
const NAME = /^([0-9a-f]+)\/(\d{1,15})\.json$/

/** All markers by dead letter, read from blob names alone. */
export async function listActions(
  container: ContainerClient,
): Promise<ReadonlyMap<string, readonly DeadLetterAction[]>> {
  const byId = new Map<string, DeadLetterAction[]>()
  for (const action of ACTIONS) {
    const prefix = `${action}/v1/`
    for await (const { name } of container.listBlobsFlat({ prefix })) {
      const [, id, at] = NAME.exec(name.slice(prefix.length)) ?? []
      if (id === undefined) continue
      byId.set(id, [...(byId.get(id) ?? []), { id, action, at: instant(Number(at)) }])
    }
  }
  return byId
}

/** Who acted, and why. */
export const readAction = async (container: LeanContainer, action: DeadLetterAction): Promise<ActionNote> =>
  parseActionNote((await readBytes(container, actionName(action))).content.toString())

/** Writes an action marker; idempotent. */
export async function writeAction(
  container: ContainerClient,
  action: DeadLetterAction,
  note: ActionNote,
): Promise<void> {
  const body = JSON.stringify({ v: 1, ...action, at: isoInstant(action.at), ...note })
  try {
    await container.getBlockBlobClient(actionName(action)).upload(body, Buffer.byteLength(body), {
      blobHTTPHeaders: { blobContentType: 'application/json' },
    })
  } catch (error) {
    throw new DurabilityError('Marking a dead letter', error)
  }
}

const UNREADABLE: ActionNote = {
  by: { user: 'unknown', credential: 'unknown' },
  reason: 'what was noted cannot be read',
}

/** Parses the contents of a marker blob. */
export function parseActionNote(json: string): ActionNote {
  try {
    const { by, reason } = JSON.parse(json) as Partial<ActionNote>
    const isDoer = typeof by?.user === 'string' && typeof by.credential === 'string'
    if (!isDoer) return UNREADABLE
    return { by, ...(typeof reason === 'string' ? { reason } : {}) }
  } catch {
    return UNREADABLE
  }
}
