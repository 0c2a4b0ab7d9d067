import { setFlagsFromString } from 'node:v8'

/**
 * The young generation stays at the size it has, and the old one is collected when it has doubled;
 * once the process redelivers, when it is half as large again. By default V8 lets the young one
 * grow to 48 MB and more, and the old one to up to four times what was alive:
 * docs/decisions/0023-heap-limits-set-while-running.md
 */
export const HEAP_FLAGS = {
  loaded: ['--semi-space-growth-factor=1', '--heap-growing-percent=100'],
  redelivering: ['--heap-growing-percent=50'],
} as const

/** Keeps the memory of this process near what is alive, from now on. */
export function limitHeapGrowth(since: keyof typeof HEAP_FLAGS): void {
  for (const flag of HEAP_FLAGS[since]) setFlagsFromString(flag)
}
