import { setFlagsFromString } from 'node:v8'

/**
 * The young generation stays at the size it has, and the old one is collected when it has
 * doubled. By default V8 lets the young one grow to 48 MB and more, and the old one to up to
 * four times what was alive: docs/decisions/0023-heap-limits-set-while-running.md
 */
export const HEAP_FLAGS = ['--semi-space-growth-factor=1', '--heap-growing-percent=100'] as const

/** Keeps the memory of this process near what is alive. Called when the functions are loaded. */
export function limitHeapGrowth(): void {
  for (const flag of HEAP_FLAGS) setFlagsFromString(flag)
}
