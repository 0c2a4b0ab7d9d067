import type { HostLogLine } from '../emulators/functions-host/host-log.ts'

/** What the host's process tells the process that started it. */
export type HostNews =
  | {
      readonly kind: 'ready'
      readonly functions: readonly string[]
      readonly httpUrl: string
      readonly functionKey: string
    }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'log'; readonly line: HostLogLine }

/** Both ends are ours: the kind tells them apart. */
export const isHostNews = (message: unknown): message is HostNews =>
  typeof message === 'object' && message !== null && 'kind' in message
