import { expect, it } from 'vitest'
import type { DiagnosticSetting } from '../../../shared/graph/diagnostic-setting.ts'
import { settingProbe } from '../../../shared/operations/doctor/setting-probe.ts'

const verdict = (setting: DiagnosticSetting) =>
  settingProbe(async () => setting).run(new AbortController().signal)

it('passes where Entra streams to the hub', async () => {
  expect(await verdict({ state: 'streaming' })).toMatchObject({ level: 'ok' })
})

it.each([
  [{ state: 'gone' }, 'nothing new arrives.'],
  [{ state: 'incomplete', missing: ['RiskyServicePrincipals'] }, 'does not stream RiskyServicePrincipals.'],
] as const)('fails where it is %j, and names the script', async (setting, says) => {
  const { level, says: said, fix } = await verdict(setting)
  expect([level, said.endsWith(says), fix?.includes('infra/tenant/diagnostic-setting.sh')]).toEqual([
    'fail',
    true,
    true,
  ])
})

it.each([
  [{ kind: 'noPermission' }, 'may not read it'],
  [{ kind: 'unavailable', code: '503' }, 'did not tell'],
] as const)('warns where it cannot be read: %j', async (fault, says) => {
  const { level, says: said } = await verdict({ state: 'unknown', fault })
  expect([level, said]).toEqual(['warn', expect.stringContaining(says)])
})
