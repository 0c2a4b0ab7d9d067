import type { SinkState, StackState } from '../stack-state.ts'
import { count, counted } from './words.ts'

/** A message that nobody reads for longer is not just on its way. */
const UNREAD_AFTER_MS = 20_000

/** The state of the stack in a few words, the worst first. */
export function summary(state: StackState): {
  readonly tone: 'good' | 'busy' | 'bad' | 'idle'
  readonly text: string
} {
  const down = state.sinks.filter((s) => s.state === 'down')
  const sum = (of: (s: SinkState) => number) => state.sinks.reduce((total, s) => total + of(s), 0)
  const pending = sum((s) => s.pending)
  const dead = sum((s) => s.deadLettered)
  const moving = sum((s) => s.onTheWay)
  const missing = sum((s) => s.missing)
  if (down.length > 0)
    return {
      tone: 'bad',
      text: `${down.length === 1 ? 'A sink is' : `${down.length} sinks are`} down, ${count(pending)} pending`,
    }
  if (missing > 0) return { tone: 'bad', text: `${count(missing)} missing` }
  if (state.unread > 0 && state.unreadForMs > UNREAD_AFTER_MS)
    return { tone: 'bad', text: `${counted(state.unread, 'message')} unread on the hub` }
  if (state.messages === 0) return { tone: 'idle', text: 'Waiting for the first message' }
  if (state.unread > 0) return { tone: 'busy', text: `${counted(state.unread, 'message')} to be read` }
  if (state.sinks.some((s) => s.state === 'catchingUp'))
    return { tone: 'busy', text: `Catching up, ${count(pending)} pending` }
  if (moving > 0) return { tone: 'busy', text: `${count(moving)} on the way` }
  if (pending > 0) return { tone: 'busy', text: `${count(pending)} pending` }
  if (dead > 0) return { tone: 'bad', text: `Settled, ${count(dead)} dead-lettered` }
  return { tone: 'good', text: 'Every event is settled' }
}
