import type { SinkState, StackState } from '../stack-state.ts'

/** Events that have no end at a sink yet: archived, and on their way. Less than none would be a miscount, and shows as such. */
export const inFlight = (events: number, s: SinkState): number =>
  events - s.delivered - s.pending - s.deadLettered - s.duplicate - s.filtered

/** The state of the stack in a few words, the worst first. */
export function summary(state: StackState): {
  readonly tone: 'good' | 'busy' | 'bad' | 'idle'
  readonly text: string
} {
  const down = state.sinks.filter((s) => s.state === 'down')
  const sum = (of: (s: SinkState) => number) => state.sinks.reduce((total, s) => total + of(s), 0)
  const pending = sum((s) => s.pending)
  const dead = sum((s) => s.deadLettered)
  const moving = sum((s) => inFlight(state.events, s))
  if (down.length > 0)
    return {
      tone: 'bad',
      text: `${down.length === 1 ? 'A sink is' : `${down.length} sinks are`} down, ${pending} pending`,
    }
  if (moving < 0) return { tone: 'bad', text: 'More ends than events' }
  if (state.messages === 0) return { tone: 'idle', text: 'Waiting for the first message' }
  if (moving > 0) return { tone: 'busy', text: `${moving} on the way` }
  if (pending > 0) return { tone: 'busy', text: `${pending} pending` }
  if (dead > 0) return { tone: 'bad', text: `Settled, ${dead} dead-lettered` }
  return { tone: 'good', text: 'Every event is settled' }
}
