import type { Sink } from '../../shared/delivery/sink.ts'
import type { RiskDetection } from '../../shared/domain/risk-event.ts'
import { type ScriptedAnswer, status } from '../support/scripted-answer.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

/** What a receiver does from now on, in the words of its protocol. */
export type Behaviour = 'isHealthy' | 'refusesSender' | 'refusesAll' | 'isBusy' | 'losesAnswer' | 'hangs'

/** A sink, and its receiver, which misbehaves on demand. */
export interface Misbehaving {
  readonly sink: Sink
  does(what: Behaviour): void
  /** Events to look out for; while healthy, it refuses those whose detection id holds the text. */
  expects(events: readonly RiskDetection[], refused?: string): void
  /** Ids of those that it holds, in its order; one that it took twice is there twice. */
  stored(): readonly string[]
  /** Whether anything that was sent to it holds the text. */
  saw(text: string): boolean
}

/** What is answered to a request with these events, some of them refused, and what is stored of it. */
export type Judging = (
  ids: readonly string[],
  isRefused: (id: string) => boolean,
) => { readonly answer: ScriptedAnswer; readonly stored: readonly string[] }

/** What is particular to a receiver that speaks HTTP. */
export interface HttpReceiver {
  readonly sink: Sink
  readonly healthy: ScriptedAnswer
  readonly whenChecked: ScriptedAnswer
  /** How it answers one whose secret is wrong. */
  readonly refusal: number
  /** Default: a request is taken or refused as a whole. */
  readonly judging?: Judging
}

/** Those ids that a text holds, in its order. */
export const idsIn = (text: string, ids: readonly string[]): readonly string[] =>
  ids.filter((id) => text.includes(id)).toSorted((a, b) => text.indexOf(a) - text.indexOf(b))

const ANSWERS: Readonly<Partial<Record<Behaviour, (receiver: HttpReceiver) => ScriptedAnswer>>> = {
  refusesSender: ({ refusal }) => status(refusal),
  refusesAll: () => status(413),
  isBusy: () => status(429, { 'retry-after': '7' }),
  hangs: () => ({ kind: 'hang' }),
}

export function misbehavingServer(server: ScriptedServer, receiver: HttpReceiver): Misbehaving {
  const { sink, healthy, whenChecked } = receiver
  const wholly: Judging = (ids, isRefused) =>
    ids.some(isRefused) ? { answer: status(413), stored: [] } : { answer: healthy, stored: ids }
  const { judging = wholly } = receiver
  const taken: string[] = []
  let behaviour: Behaviour = 'isHealthy'
  let known: readonly string[] = []
  let refused = new Set<string>()
  server.forget()
  server.answering(({ method, body }) => {
    const scripted = ANSWERS[behaviour]?.(receiver)
    if (scripted !== undefined) return scripted
    if (method !== 'POST') return whenChecked
    const { answer, stored } = judging(idsIn(body.toString(), known), (id) => refused.has(id))
    taken.push(...stored)
    return behaviour === 'losesAnswer' ? { kind: 'reset' } : answer
  })
  return {
    sink,
    does: (what) => {
      behaviour = what
    },
    expects: (events, text) => {
      known = events.map(({ eventId }) => eventId)
      const isRefused = ({ detectionId }: RiskDetection) => text !== undefined && detectionId.includes(text)
      refused = new Set(events.filter(isRefused).map(({ eventId }) => eventId))
    },
    stored: () => taken,
    saw: (text) => server.requests.some(({ body }) => body.includes(text)),
  }
}
