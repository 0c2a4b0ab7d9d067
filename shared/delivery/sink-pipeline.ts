import type { ArchivedEvent } from '../domain/exported-event.ts'
import type { DuplicateWindow } from './dedup/duplicate-window.ts'
import type { PendingMemory } from './outbox/pending-memory.ts'
import type { Breaker } from './send/breaker.ts'
import type { Sink } from './sink.ts'

/** A sink, and everything one process remembers about it. */
export interface SinkPipeline {
  readonly sink: Sink
  /** Whether the operator wants this event at this sink. */
  readonly accepts: (event: ArchivedEvent['event']) => boolean
  readonly breaker: Breaker
  readonly window: DuplicateWindow
  readonly pendingMemory: PendingMemory
}
