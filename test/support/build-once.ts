import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/**
 * Builds what tests of commands run, once for the whole suite: two builds at a time would pull
 * files from under each other.
 */
export async function setup(): Promise<void> {
  await promisify(execFile)(process.execPath, ['esbuild.config.mjs'])
}
