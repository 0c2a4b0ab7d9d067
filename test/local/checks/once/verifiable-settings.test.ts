import { describe, expect, it } from 'vitest'
import { acceptsBySink, bodyParserFor } from '../../../../local/checks/once/verifiable-settings.ts'
import { archiveLines } from '../../../../local/checks/verify/archive-line.ts'
import { acceptedBySink } from '../../../../shared/config/sinks-declared.ts'
import { archived, detection, riskyIdentity } from '../../../support/archived-events.ts'
import { jsonOf } from '../../../support/event-forms.ts'

describe('settings of a run that is verified', () => {
  it.each([
    [{ INCLUDE_USER_RISK: 'false' }, 'INCLUDE_USER_RISK'],
    [{ WEBHOOKS: 'soc' }, 'WEBHOOKS'],
    [{ EVENT_HUB_OUT_NAME: 'out' }, 'EVENT_HUB_OUT_NAME'],
    [{ WEBHOOK_REDACT: 'ipAddress:drop' }, 'WEBHOOK_REDACT'],
    [{ WEBHOOK_FORMAT: 'ocsf' }, 'WEBHOOK_FORMAT'],
  ])('are refused where nobody could see from outside what they do: %j', (settings, name) => {
    expect(() => bodyParserFor(settings)).toThrow(`these settings cannot be verified: ${name}.`)
  })

  it('include filters, which let through what the program lets through', () => {
    const events = (['low', 'medium', 'high', 'hidden'] as const).flatMap((level) =>
      (['atRisk', 'dismissed'] as const).flatMap((state) =>
        (['servicePrincipal', 'agent'] as const).flatMap((type) => [
          detection('a', { identity: { type, id: 'i' }, risk: { level, state } }),
          riskyIdentity('b', { identity: { type, id: 'i' }, risk: { level, state } }),
        ]),
      ),
    )
    const filter = {
      categories: ['ServicePrincipalRiskEvents'],
      minLevel: 'medium',
      identityTypes: ['agent'],
    } as const
    const filters = [
      { categories: [] },
      ...Object.entries(filter).map((one) => ({ categories: [], ...Object.fromEntries([one]) })),
    ]
    for (const its of filters) {
      const sinks = {
        logAnalytics: undefined,
        eventHubOut: undefined,
        webhooks: [{ name: 'webhook', prefix: '', filter: its, problems: ['none'] as const }],
      }
      const [theirs, ours] = [acceptsBySink(sinks).get('webhook'), acceptedBySink(sinks).get('webhook')]
      const taken = events.map((event) => {
        const whole = archived(event)
        const text = `{"v":1,"position":{},"ordinal":0,"event":${jsonOf(whole).toString()},"recordBytes":2,"record":{}}\n`
        const [line] = archiveLines({ name: whole.blob, content: Buffer.from(text) })
        if (line === undefined) throw new Error('there is a line')
        expect(theirs?.(line), text).toBe(ours?.(whole.event))
        return ours?.(whole.event)
      })
      expect(taken.filter((one) => one === true).length).toBeGreaterThan(0)
      expect(taken.includes(false)).toBe(its !== filters[0])
    }
  })
})
