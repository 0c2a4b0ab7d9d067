import type { Instant } from '../../domain/identifiers.ts'
import type { Identity } from '../../domain/risk-event.ts'
import type { IdentityEvent } from './investigation.ts'

/** An identity that may be meant. */
export interface Candidate {
  readonly identity: Identity
  readonly lastUpdatedAt: Instant
}

/** How well a word fits an identity. */
type Fit = 'id' | 'name' | 'near'

/** Shorter words are near to everything. */
const MIN_NEAR_CHARACTERS = 3
const MAX_OF_EACH = 10

function fitOf({ id, appId, displayName }: Identity, wanted: string): Fit | undefined {
  if (id.toLowerCase() === wanted) return 'id'
  const [app, name] = [appId?.toLowerCase(), displayName?.toLowerCase()]
  if (app === wanted || name === wanted) return 'name'
  if (wanted.length < MIN_NEAR_CHARACTERS) return undefined
  const isNear = name?.includes(wanted) === true || id.startsWith(wanted) || app?.startsWith(wanted) === true
  return isNear ? 'near' : undefined
}

/** The identities that a word may mean, from events in any order, in bounded memory. */
export class Candidates {
  readonly #wanted: string
  readonly #byFit: Readonly<Record<Fit, Map<string, Candidate>>> = {
    id: new Map(),
    name: new Map(),
    near: new Map(),
  }

  /** @param wanted lower-case object id, application id or display name */
  constructor(wanted: string) {
    this.#wanted = wanted
  }

  add({ identity, lastUpdatedAt }: IdentityEvent): void {
    const fit = fitOf(identity, this.#wanted)
    if (fit === undefined) return
    const found = this.#byFit[fit]
    const known = found.get(identity.id)
    if (known === undefined && found.size > MAX_OF_EACH) return
    if (known === undefined || lastUpdatedAt >= known.lastUpdatedAt)
      found.set(identity.id, { identity: { ...known?.identity, ...identity }, lastUpdatedAt })
  }

  /** Those that are meant: by object id, or else by application id or name. */
  get meant(): readonly Candidate[] {
    const { id, name } = this.#byFit
    return newestFirst(id.size > 0 ? id : name)
  }

  /** Those whose name or ids are like it. */
  get near(): readonly Candidate[] {
    return newestFirst(this.#byFit.near)
  }
}

const newestFirst = (found: ReadonlyMap<string, Candidate>): readonly Candidate[] =>
  [...found.values()].sort((a, b) => b.lastUpdatedAt - a.lastUpdatedAt).slice(0, MAX_OF_EACH)
