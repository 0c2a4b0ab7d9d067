import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DEFECT_NAMES, DEFECTS } from '../../support/defects.ts'
import { runDefective } from '../../support/run-defective.ts'

describe('npm run load sees that the program', () => {
  let problems = ''
  it('has defects', { timeout: 180_000 }, async () => {
    const { code, stdout } = await runDefective('load.js', '--quick', '--json')
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
    const { code, stderr } = await runDefective('chaos.js', '--seed', '7', '--minutes', '0.05')
    expect(code).toBe(1)
    const [, kept = ''] = /are kept in (.+)$/m.exec(stderr) ?? []
    onTestFinished(() => rm(kept, { recursive: true, force: true }))
    problems = await readFile(join(kept, 'problems.txt'), 'utf8')
  })

  it.each(DEFECT_NAMES)('%s', (name) => {
    expect(problems).toMatch(DEFECTS[name].problem)
  })
})
