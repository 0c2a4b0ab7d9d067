import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import { defectiveBuild } from './defective-build.ts'

export interface CommandOutcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Builds the program with every defect in it, and runs a command of it. */
export async function runDefective(command: string, ...args: string[]): Promise<CommandOutcome> {
  const folder = await defectiveBuild()
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const ran = promisify(execFile)(process.execPath, [join(folder, 'dist', 'local', command), ...args], {
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  })
  return ran.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: CommandOutcome) => ({ code, stdout, stderr }),
  )
}
