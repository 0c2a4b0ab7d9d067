import type { SinkState, StackState } from '../stack-state.ts'
import { count, counted, sinkName } from './words.ts'

/** Messages unread for this long point to a problem. */
const UNREAD_LONG_MS = 15_000

interface Summary {
  readonly tone: 'good' | 'busy' | 'bad' | 'idle'
  readonly text: string
}

const bad = (text: string): Summary => ({ tone: 'bad', text })
const busy = (text: string): Summary => ({ tone: 'busy', text })

/** What the exporter sent itself is not counted while pending, but holds up a sink too. */
const withPending = (n: number): string => (n === 0 ? '' : `, ${count(n)} pending`)

function down(sinks: readonly SinkState[], pending: number): Summary {
  const [first] = sinks
  const who =
    sinks.length === 1 && first !== undefined ? `${sinkName(first.name)} is` : `${sinks.length} sinks are`
  return bad(`${who} down${withPending(pending)}`)
}

function unread({ unread: messages, unreadForMs }: StackState): Summary {
  const what = counted(messages, 'message')
  return unreadForMs < UNREAD_LONG_MS
    ? busy(`${what} not read yet`)
    : bad(`${what} unread on the hub for ${count(Math.round(unreadForMs / 1000))} s`)
}

/** The state of the stack in a few words, most severe first. */
export function summary(state: StackState): Summary {
  const { sinks } = state
  const sum = (of: (s: SinkState) => number) => sinks.reduce((total, s) => total + of(s), 0)
  const missing = sum((s) => s.missing)
  const pending = sum((s) => s.pending)
  const dead = sum((s) => s.deadLettered)
  const moving = sum((s) => s.onTheWay)
  const downSinks = sinks.filter((s) => s.state === 'down')
  if (state.problem !== undefined) return bad('These figures are out of date')
  if (missing > 0) return bad(`${count(missing)} missing`)
  if (downSinks.length > 0) return down(downSinks, pending)
  if (state.unread > 0) return unread(state)
  if (state.messages === 0) return { tone: 'idle', text: 'Waiting for the first message' }
  if (pending > 0 || sinks.some((s) => s.state === 'catchingUp'))
    return busy(`Catching up${withPending(pending)}`)
  if (moving > 0) return busy(`${count(moving)} on the way`)
  if (dead > 0) return bad(`Settled, ${count(dead)} dead-lettered`)
  return { tone: 'good', text: 'Every event is settled' }
}
