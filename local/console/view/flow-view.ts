import { type Html, html } from '../../../shared/encoding/html.ts'
import type { SinkState, StackState } from '../stack-state.ts'
import { flowTall } from './flow-tall.ts'
import { flowWide } from './flow-wide.ts'
import { counted, sinkName } from './words.ts'

const STATES: Readonly<Record<SinkState['state'], string>> = {
  up: '',
  catchingUp: ', which is catching up',
  down: ', which is down',
}

/** The flow in words, for screen readers. */
function description(state: StackState): string {
  const { messages, records, events, faults, skipped, archive, sinks } = state
  const sinkTexts = sinks.map(
    (s) =>
      `${sinkName(s.name)}${STATES[s.state]}: ${s.delivered} delivered, ${s.pending} pending, ${counted(s.deadLettered, 'dead letter')}, ${s.onTheWay} on the way, ${s.missing} missing`,
  )
  return `Flow: ${counted(messages, 'message')} from the Event Hub hold ${counted(records, 'record')}: ${counted(events, 'event')}, ${counted(faults, 'fault')}, ${skipped} skipped. The archive holds ${counted(archive.lines, 'line')} in ${counted(archive.blobs, 'blob')}. ${sinkTexts.join('. ')}.`
}

/** Source, archive, sinks. */
export function flowView(state: StackState): Html {
  const words = description(state)
  return html`<h2 class="unseen" id="flow-heading">Flow</h2>${flowWide(state, words)}${flowTall(state, words)}`
}
