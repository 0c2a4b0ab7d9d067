import type { HostLogLine } from '../emulators/functions-host/host-log.ts'

/** What the host process tells the process that started it. */
export type HostMessage =
  | {
      readonly kind: 'ready'
      readonly functions: readonly string[]
      readonly httpUrl: string
      readonly functionKey: string
    }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'log'; readonly line: HostLogLine }

/** Both ends are ours, so checking the kind is enough. */
export const isHostMessage = (message: unknown): message is HostMessage =>
  typeof message === 'object' && message !== null && 'kind' in message
