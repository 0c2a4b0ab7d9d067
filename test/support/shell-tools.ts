import { spawnSync } from 'node:child_process'

/**
 * Whether this machine has all of these commands: what documentation shows for a shell can be run
 * only where they are.
 */
export const hasTools = (...names: readonly string[]): boolean =>
  names.every((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0)
