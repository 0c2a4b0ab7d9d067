import { expect, it } from 'vitest'
import { changedSources, committedSources } from '../support/bicep/sources.ts'
import { RULES } from './rules/all-rules.ts'
import { SAFETY_DEFECTS } from './rules/safety-defects.ts'
import { SENSE_DEFECTS } from './rules/sense-defects.ts'
import { type Rule, type World, worldOf } from './rules/world.ts'

const DEFECTS = [...SAFETY_DEFECTS, ...SENSE_DEFECTS]
const rules = Object.values(RULES).flat()

/** A template that makes no sense stops a rule: that is a finding too. */
function findingsOf(rule: Rule | undefined, world: World): readonly string[] {
  try {
    return rule?.check(world) ?? []
  } catch (error) {
    return [String(error)]
  }
}

it.each(DEFECTS)('%s with %j as %j is noticed by «%s»', (path, from, to, ruleName) => {
  const text = committedSources.text(path)
  expect(text).toContain(from)
  const world = worldOf(changedSources(committedSources, path, text.replace(from, to)))
  const rule = rules.find((r) => r.name.includes(ruleName))
  expect(rule).toBeDefined()
  expect(findingsOf(rule, world)).not.toEqual([])
})

it('every rule notices at least one defect', () => {
  const noticed = DEFECTS.map(([, , , part]) => rules.find((r) => r.name.includes(part))?.name)
  expect(rules.map((r) => r.name).filter((name) => !noticed.includes(name))).toEqual([])
})
