import type { ContainerClient } from '@azure/storage-blob'
import { DurabilityError } from '../../domain/durability-error.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import type { DeadLetter } from './dead-letter.ts'

/** What an operator did about a dead letter. The dead letter itself stays as it is. */
export const ACTIONS = ['retried', 'discarded'] as const
export type ActionKind = (typeof ACTIONS)[number]

export type DeadLetterState = 'open' | ActionKind

/** Who did it, as far as the command can tell. */
export interface Doer {
  /** Name of the account on the machine. */
  readonly user: string
  /** Whose rights were used: an account's name or id, never a secret. */
  readonly credential: string
}

export interface DeadLetterAction {
  readonly id: string
  readonly action: ActionKind
  readonly at: Instant
}

/** What a marker's blob says besides. */
export interface ActionNote {
  readonly by: Doer
  readonly reason?: string
}

/**
 * An action covers what was dead-lettered before it; what is so again afterwards is open again. The
 * latest action counts.
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

/**
 * `<action>/v1/<dead letter id>/<ms since the epoch>.json`: beside the dead letters, which are
 * under `v1/`.
 */
const actionName = ({ id, action, at }: DeadLetterAction): string => `${action}/v1/${id}/${at}.json`
const NAME = /^(retried|discarded)\/v1\/([0-9a-f]+)\/(\d+)\.json$/

function actionOf(name: string): DeadLetterAction | undefined {
  const [, action, id = '', at] = NAME.exec(name) ?? []
  const known = ACTIONS.find((d) => d === action)
  return known === undefined ? undefined : { id, action: known, at: instant(Number(at)) }
}

/** All markers, by dead letter: their names say enough. */
export async function listActions(
  container: ContainerClient,
): Promise<ReadonlyMap<string, readonly DeadLetterAction[]>> {
  const byId = new Map<string, DeadLetterAction[]>()
  for (const action of ACTIONS) {
    for await (const { name } of container.listBlobsFlat({ prefix: `${action}/v1/` })) {
      const action = actionOf(name)
      if (action !== undefined) byId.set(action.id, [...(byId.get(action.id) ?? []), action])
    }
  }
  return byId
}

/** Who did it, and why. */
export const readAction = async (container: ContainerClient, action: DeadLetterAction): Promise<ActionNote> =>
  parseActionNote((await container.getBlockBlobClient(actionName(action)).downloadToBuffer()).toString())

/** Notes an action; the same one again is no second. */
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

/** What a marker's blob says of who and why. */
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
