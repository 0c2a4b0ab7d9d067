import type { Telemetry } from './telemetry.ts'

/** Tells several. */
export const tellAll = (...listeners: readonly Telemetry[]): Telemetry => ({
  chunkSettled: (summary) => {
    for (const listener of listeners) listener.chunkSettled(summary)
  },
  pageDrained: (summary) => {
    for (const listener of listeners) listener.pageDrained(summary)
  },
  delivered: (sink, events, atMs) => {
    for (const listener of listeners) listener.delivered(sink, events, atMs)
  },
  owing: (sinks) => {
    for (const listener of listeners) listener.owing(sinks)
  },
  troubled: (trouble, cause) => {
    for (const listener of listeners) listener.troubled(trouble, cause)
  },
})
