import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { HostMessage } from '../../stack/host-message.ts'
import { MEMORY_LEVEL, MEMORY_SIGNAL } from './live-memory.ts'

// Loaded into the host's process. Garbage is collected here to measure live memory only; the
// program itself never asks for it.
setFlagsFromString('--expose-gc')
const collectGarbage: unknown = runInNewContext('gc')

process.on(MEMORY_SIGNAL, () => {
  if (typeof collectGarbage === 'function') collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  const message = String(heapUsed + external)
  const logged: HostMessage = { kind: 'log', line: { level: MEMORY_LEVEL, category: 'host', message } }
  process.send?.(logged)
})
