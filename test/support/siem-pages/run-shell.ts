import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/**
 * Runs what a page shows for a shell, line for line; throws where a command fails.
 * @param folder where the page says to be
 * @param env what the page takes as given
 * @returns what was printed
 */
export async function runShell(
  script: string,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const options = { cwd: folder, env: { ...process.env, ...env }, timeout: 30_000 }
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], options)
  return stdout
}
