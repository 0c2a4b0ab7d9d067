import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { posix } from 'node:path'
import { expect, it } from 'vitest'

const scripts = ['infra', 'infra/tenant'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.sh'))
    .map((name) => posix.join(folder, name)),
)
const present = spawnSync('shellcheck', ['--version']).status === 0

it('finds the scripts', () => {
  expect(scripts).toContain('infra/tenant/diagnostic-setting.sh')
})

it.skipIf(!present).each(scripts)('shellcheck has no remark on %s', (script) => {
  expect(spawnSync('shellcheck', [script], { encoding: 'utf8' }).stdout).toBe('')
})
