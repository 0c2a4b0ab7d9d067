import type { FeedMessage } from './feed/feed-message.ts'
import type { OwnSettings } from './own-settings.ts'
import type { Progress } from './progress.ts'
import type { StackStorage } from './stack.ts'
import type { StartOptions } from './start-options.ts'

/** What a run of the embedded stack is told, and where it writes. */
export interface StartRun {
  readonly options: StartOptions
  readonly own: OwnSettings
  readonly messages: readonly FeedMessage[]
  readonly progress: Progress
  readonly write: (line: string) => void
  readonly nowMs: () => number
  /** Default: an Azurite of its own. */
  readonly storage?: Promise<StackStorage>
  /** Settled when somebody wants the run to end: Ctrl-C. */
  readonly stopped: Promise<void>
}
