import type { Telemetry } from './telemetry.ts'

/** Forwards to several listeners. */
export const toAll = (...listeners: readonly Telemetry[]): Telemetry => ({
  chunkSettled: (summary) => {
    for (const listener of listeners) listener.chunkSettled(summary)
  },
  partitionDrained: (summary) => {
    for (const listener of listeners) listener.partitionDrained(summary)
  },
  delivered: (sink, events, atMs) => {
    for (const listener of listeners) listener.delivered(sink, events, atMs)
  },
  pendingAtSinks: (sinks) => {
    for (const listener of listeners) listener.pendingAtSinks(sinks)
  },
  reconciled: (summary) => {
    for (const listener of listeners) listener.reconciled(summary)
  },
  graphUnread: (collection, why) => {
    for (const listener of listeners) listener.graphUnread(collection, why)
  },
  contextsRead: (summary) => {
    for (const listener of listeners) listener.contextsRead(summary)
  },
  contextsNotRequested: (identities, cause) => {
    for (const listener of listeners) listener.contextsNotRequested(identities, cause)
  },
  sealed: (summary) => {
    for (const listener of listeners) listener.sealed(summary)
  },
  problem: (problem, cause) => {
    for (const listener of listeners) listener.problem(problem, cause)
  },
})
