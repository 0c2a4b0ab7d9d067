import { SENDS_NOTHING } from '../../stack/sends-nothing.ts'
import { type Stack, startStack } from '../../stack/stack.ts'
import type { Stores } from '../once/stores.ts'
import { storesOf } from '../once/stores.ts'
import { LiveMemory, memoryOption } from './live-memory.ts'

export interface LoadWorldOptions {
  /** Node options of the host. */
  readonly nodeOptions: readonly string[]
  readonly nowMs: () => number
}

/** The built program on the embedded stack, and observations of it. */
export interface LoadWorld {
  readonly stack: Stack
  readonly stores: Stores
  readonly hostPid: number
  /** When each event first reached the healthy sink. */
  readonly storedAtMs: Map<string, number>
  /** Events taken by the other sink so far, and when the latest arrived. */
  readonly other: { taken: number; lastAtMs: number }
  /** Live memory of the host after garbage collection, in MB. */
  liveMb(): Promise<number>
  stopHost(): Promise<void>
  stop(): Promise<void>
}

const WELL = 'log-analytics'
/** A sink that was down is retried every five seconds. */
const SETTINGS = { ...SENDS_NOTHING, REDELIVERY_MAX_BACKOFF_SECONDS: '5' }

export async function startLoadWorld({ nodeOptions, nowMs }: LoadWorldOptions): Promise<LoadWorld> {
  const storedAtMs = new Map<string, number>()
  const other = { taken: 0, lastAtMs: 0 }
  const stack = await startStack({
    nowMs,
    settings: { ...SETTINGS, NODE_OPTIONS: [memoryOption(), ...nodeOptions].join(' ') },
    onStored(sink, { eventIds, atMs }) {
      if (sink !== WELL) {
        other.taken += eventIds.length
        other.lastAtMs = atMs
      } else for (const id of eventIds) if (!storedAtMs.has(id)) storedAtMs.set(id, atMs)
    },
  })
  const memory = new LiveMemory()
  const host = await stack
    .startHost((level, line) => memory.onLog(level, line))
    .catch(async (error: unknown) => {
      await stack.stop()
      throw error
    })
  return {
    stack,
    stores: storesOf(stack.azurite.connectionString, nowMs),
    hostPid: host.pid,
    storedAtMs,
    other,
    liveMb: () => memory.ask(host.pid),
    stopHost: () => host.stop(),
    stop: () => stack.stop(),
  }
}
