import { type DiagnosticSetting, settingProblem } from '../../graph/diagnostic-setting.ts'
import type { Probe } from './diagnose.ts'

const CHECK = 'run infra/tenant/diagnostic-setting.sh --check as somebody who may'

/** Whether Entra still streams to the hub; nothing else of the program would notice. */
export const settingProbe = (read: (signal: AbortSignal) => Promise<DiagnosticSetting>): Probe => ({
  area: 'Entra',
  name: 'diagnostic setting',
  run: async (signal) => {
    const setting = await read(signal)
    if (setting.state === 'streaming')
      return { level: 'ok', says: 'It streams all risk of workload identities to the hub.' }
    if (setting.state === 'unknown')
      return setting.fault.kind === 'noPermission'
        ? {
            level: 'warn',
            says: 'Not checked: this identity may not read it.',
            fix: `Grant Monitoring Reader on /providers/microsoft.aadiam (docs/graph.md), or ${CHECK}.`,
          }
        : { level: 'warn', says: 'Not checked: Azure did not tell.', fix: `Try again, or ${CHECK}.` }
    const [says = '', fix = ''] = settingProblem(setting)?.split(/(?<=\.) (?=[A-Z])/) ?? []
    return { level: 'fail', says, fix }
  },
})
