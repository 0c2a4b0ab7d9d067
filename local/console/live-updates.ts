import type { ServerResponse } from 'node:http'
import { answerHead, answerJson } from './answer.ts'
import type { StackState } from './stack-state.ts'
import { changedPanels, type Panels, panelsOf } from './view/panels.ts'

const MAX_READERS = 16
/** A reader with this much unread data is disconnected; its browser reconnects. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024

const eventText = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

/** Keeps open pages up to date by server-sent events. */
export class LiveUpdates {
  readonly #state: () => StackState
  readonly #readers = new Set<ServerResponse>()
  #panels: Panels | undefined
  #messages = 0

  constructor(state: () => StackState) {
    this.#state = state
  }

  /** `GET /events`: everything at once, then changes. 503 if too many pages are open. */
  open(response: ServerResponse): void {
    if (this.#readers.size >= MAX_READERS) {
      answerJson(response, 503, { problem: `${MAX_READERS} pages are open already.` })
      return
    }
    answerHead(response, 200, { 'content-type': 'text/event-stream; charset=utf-8' })
    this.#refresh()
    this.#readers.add(response)
    response.on('close', () => this.#readers.delete(response))
    const panels = this.#panels ?? panelsOf(this.#state())
    const all = Object.fromEntries(Object.entries(panels).map(([id, { markup }]) => [id, markup]))
    response.write(`retry: 2000\n${eventText('panels', all)}`)
  }

  /** Sends what has changed since the last call. Costs nothing without readers. */
  tick(): void {
    if (this.#readers.size > 0) this.#refresh()
  }

  close(): void {
    for (const reader of this.#readers) reader.end()
  }

  #refresh(): void {
    const state = this.#state()
    const before = this.#panels
    const panels = panelsOf(state)
    this.#panels = panels
    const moved = state.messages !== this.#messages
    this.#messages = state.messages
    if (before === undefined) return
    const changed = changedPanels(before, panels)
    if (Object.keys(changed).length === 0) return
    this.#send(eventText('panels', changed) + (moved ? eventText('moved', {}) : ''))
  }

  #send(text: string): void {
    for (const reader of this.#readers) {
      if (reader.writableLength > MAX_UNREAD_BYTES) reader.destroy()
      else reader.write(text)
    }
  }
}
