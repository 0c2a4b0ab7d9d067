import { describe, expect, it } from 'vitest'
import { committedSources } from '../support/bicep/sources.ts'
import { RULES } from './rules/all-rules.ts'
import { worldOf } from './rules/world.ts'

const world = worldOf(committedSources)

for (const [chapter, rules] of Object.entries(RULES)) {
  describe(`the infrastructure: ${chapter}`, () => {
    it.each(rules.map((rule) => [rule.name, rule] as const))('%s', (_, { check }) => {
      expect(check(world)).toEqual([])
    })
  })
}
