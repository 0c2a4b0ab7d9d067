import { describe, expect, it } from 'vitest'
import { runScript } from '../support/run-script.ts'

const SCRIPT = 'infra/lock-archive.sh'
const ARGS = ['--resource-group', 'rg-trial-archive', '--account', 'starctrial']
const policy = (state: string, etag: string, days = 400) => ({ state, etag, days })
const unlocked = {
  policies: {
    archive: policy('Unlocked', '"8dc"'),
    'evidence-fixed': policy('Unlocked', '"8de"'),
    receipts: policy('Unlocked', '"8dd"'),
  },
}
const locks = (calls: readonly string[]): readonly string[] => calls.filter((c) => c.includes('policy lock'))

describe('the script that locks the archive', () => {
  it('locks each policy by the etag it has just read, once the account is typed', () => {
    const run = runScript(SCRIPT, ARGS, { world: unlocked, input: 'starctrial\n' })
    expect(run.stderr).toBe('')
    expect(run.exitCode).toBe(0)
    expect(locks(run.calls)).toHaveLength(3)
    expect(locks(run.calls)[0]).toContain('--container-name archive --if-match "8dc"')
    expect(run.stdout).toContain('manageImmutabilityPolicy=false')
  })

  it.each([['yes\n'], ['\n'], ['']])('locks nothing when the answer is %j', (input) => {
    const run = runScript(SCRIPT, ARGS, { world: unlocked, input })
    expect(run.exitCode).toBe(3)
    expect(locks(run.calls)).toEqual([])
  })

  it('does not ask when told not to', () => {
    expect(runScript(SCRIPT, [...ARGS, '--yes'], { world: unlocked }).exitCode).toBe(0)
  })

  it('locks nothing under --dry-run, and shows what it would lock', () => {
    const run = runScript(SCRIPT, [...ARGS, '--dry-run'], { world: unlocked })
    expect(run.exitCode).toBe(0)
    expect(locks(run.calls)).toEqual([])
    expect(run.stdout).toContain('would lock receipts of starctrial, etag "8dd"')
  })

  it('passes over what is locked already', () => {
    const world = { policies: { ...unlocked.policies, archive: policy('Locked', '"1"') } }
    const run = runScript(SCRIPT, [...ARGS, '--yes'], { world })
    expect(locks(run.calls)).toHaveLength(2)
    const again = runScript(SCRIPT, [...ARGS, '--yes', '--container', 'archive'], { world })
    expect(again.stdout).toContain('Nothing to do')
    expect(locks(again.calls)).toEqual([])
  })

  it.each([
    ['has no policy', {}],
    ['has a policy without a retention', { archive: policy('Unlocked', '"1"', 0) }],
  ])('locks nothing at all when a container %s', (_, policies) => {
    const world = { policies: { receipts: policy('Unlocked', '"2"'), ...policies } }
    const run = runScript(SCRIPT, [...ARGS, '--yes', '--container', 'receipts', '--container', 'archive'], {
      world,
    })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('deploy the template first')
    expect(locks(run.calls)).toEqual([])
  })

  it('fails when Azure accepts the lock and does not lock', () => {
    const run = runScript(SCRIPT, [...ARGS, '--yes'], { world: { ...unlocked, lockDoesNothing: true } })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('still says Unlocked')
  })

  it('asks for the group and the account', () => {
    const run = runScript(SCRIPT, ['--account', 'x'])
    expect(run.exitCode).toBe(2)
    expect(run.calls).toEqual([])
  })
})
