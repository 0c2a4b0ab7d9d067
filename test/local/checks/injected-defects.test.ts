import { describe, expect, it } from 'vitest'
import { DEFECT_NAMES, DEFECTS } from '../../support/defects.ts'
import { runDefective } from '../../support/run-defective.ts'

// Each by itself, verified alike: test/local/checks/verify. By load and chaos:
// injected-defects.long.test.ts.
describe('npm start -- --once sees that the program', () => {
  let problems = ''
  it('has defects', { timeout: 120_000 }, async () => {
    const { code, stdout } = await runDefective('start.js', '--once', '--json')
    expect(code).toBe(1)
    const verdict = JSON.parse(stdout) as { balanced: boolean; problems: readonly string[] }
    expect(verdict.balanced).toBe(false)
    problems = verdict.problems.join('\n')
  })

  it.each(DEFECT_NAMES)('%s', (name) => {
    expect(problems).toMatch(DEFECTS[name].problem)
  })
})
