import { type Html, html } from '../../../shared/encoding/html.ts'
import type { StackState } from '../stack-state.ts'
import { summary } from './summary.ts'
import { counted, dateTime } from './words.ts'

/** The overall state, in the page header. */
export function statusView(state: StackState): Html {
  const { tone, text } = summary(state)
  const beat =
    state.lastHeartbeatAt === undefined
      ? ''
      : `, ${counted(state.heartbeats, 'heartbeat')}, last ${dateTime(state.lastHeartbeatAt)}`
  const problem = state.problem === undefined ? undefined : html`<p class="since bad">${state.problem}</p>`
  return html`<p class="status ${tone}"><span class="lamp" aria-hidden="true"></span>${text}</p><p class="since">Running since ${dateTime(state.startedAt)} UTC${beat}</p>${problem}`
}
