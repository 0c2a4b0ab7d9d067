import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { DEFECT_NAMES, DEFECTS, type DefectName } from '../../support/defects.ts'
import { plantedBuild } from '../../support/planted-build.ts'

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

/** Builds the program with defects in it, and runs a command of it. */
async function run(names: readonly DefectName[], command: string, ...args: string[]) {
  const folder = await plantedBuild(names)
  folders.push(folder)
  const ran = promisify(execFile)(process.execPath, [join(folder, 'dist', 'local', command), ...args], {
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  })
  return ran.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  )
}

// Each by itself, verified alike: test/local/checks/verify.
describe('npm start -- --once sees that the program', () => {
  let problems = ''
  it('has defects', { timeout: 120_000 }, async () => {
    const { code, stdout } = await run(DEFECT_NAMES, 'start.js', '--once', '--json')
    expect(code).toBe(1)
    const verdict = JSON.parse(stdout) as { balanced: boolean; problems: readonly string[] }
    expect(verdict.balanced).toBe(false)
    problems = verdict.problems.join('\n')
  })

  it.each(DEFECT_NAMES)('%s', (name) => {
    expect(problems).toMatch(DEFECTS[name].problem)
  })
})

describe('npm run load sees that the program', () => {
  let problems = ''
  it('has defects', { timeout: 180_000 }, async () => {
    const { code, stdout } = await run(DEFECT_NAMES, 'load.js', '--quick', '--json')
    expect(code).toBe(1)
    problems = (JSON.parse(stdout) as { problems: readonly string[] }).problems
      .map((problem) => problem.replace(/^[\w, ]+: /, ''))
      .join('\n')
  })

  it.each(DEFECT_NAMES)('%s', (name) => {
    expect(problems).toMatch(DEFECTS[name].problem)
  })
})

describe('npm run chaos, its processes, sees that the program', () => {
  let problems = ''
  it('has defects', { timeout: 180_000 }, async () => {
    const { code, stderr } = await run(DEFECT_NAMES, 'chaos.js', '--seed', '7', '--minutes', '0.05')
    expect(code).toBe(1)
    const [, kept = ''] = /are kept in (.+)$/m.exec(stderr) ?? []
    folders.push(kept)
    problems = await readFile(join(kept, 'problems.txt'), 'utf8')
  })

  it.each(DEFECT_NAMES)('%s', (name) => {
    expect(problems).toMatch(DEFECTS[name].problem)
  })
})
