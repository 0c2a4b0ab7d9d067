import { describe, expect, it } from 'vitest'
import { SentinelContent } from '../../../../infra/sentinel/solution/content.ts'
import { customDetection } from '../../../../infra/sentinel/solution/custom-detection.ts'

const rules = new SentinelContent('infra/sentinel').rules().map(({ value }) => value)
const can = rules.flatMap((rule) => {
  const detection = customDetection(rule)
  return detection.can ? [{ ...detection, of: rule }] : []
})

interface Body {
  readonly detectionAction: {
    readonly alertTemplate: {
      readonly entityMappings: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>
    }
  }
}
const bodyOf = (rule: unknown) => rule as Body

describe('rules as custom detections of Microsoft Defender', () => {
  it('are those that are about an identity; rules about the exporter cannot be', () => {
    const not = rules.filter((rule) => !customDetection(rule).can).map((rule) => rule.name)
    expect(not).toEqual(rules.filter((r) => !r.query.includes('EntraWorkload')).map((r) => r.name))
    expect(can.length).toBeGreaterThan(8)
  })

  it('name the account by object id and the application by its id', () => {
    for (const { rule } of can) {
      const { accounts, cloudApplications } = bodyOf(rule).detectionAction.alertTemplate.entityMappings
      expect(accounts?.[0]).toMatchObject({ aadUserIdColumn: expect.stringMatching(/Id$/) })
      expect(cloudApplications?.[0]).toMatchObject({ appIdColumn: 'AppId' })
    }
  })

  it('are refused where they would alert otherwise', () => {
    const [rule] = can.map(({ of }) => of)
    if (rule === undefined) throw new Error('no rule')
    expect(customDetection({ ...rule, triggerThreshold: 5 })).toMatchObject({ can: false })
    expect(customDetection({ ...rule, entityMappings: [] })).toMatchObject({ can: false })
  })
})
