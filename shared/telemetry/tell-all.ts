import type { Telemetry } from './telemetry.ts'

/** Tells several. */
export const tellAll = (...listeners: readonly Telemetry[]): Telemetry => ({
  chunkSettled: (summary) => {
    for (const listener of listeners) listener.chunkSettled(summary)
  },
  pageDrained: (summary) => {
    for (const listener of listeners) listener.pageDrained(summary)
  },
  troubled: (trouble, cause) => {
    for (const listener of listeners) listener.troubled(trouble, cause)
  },
})
