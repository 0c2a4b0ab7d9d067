import { describe, expect, it } from 'vitest'
import { type Mutant, type MutationKind, mutantOf, seededRandom } from '../support/bicep/mutate.ts'
import { changedSources, committedSources, type Sources } from '../support/bicep/sources.ts'
import { type TypeCheck, typeCheckAtHand } from '../support/bicep/type-check.ts'
import { RULES } from './rules/all-rules.ts'
import { ours, worldOf } from './rules/world.ts'

/** Kinds with a floor: what a compiler would catch. The others are told, not demanded. */
const FLOORED: readonly MutationKind[] = ['key', 'type', 'apiVersion', 'symbol', 'member']
const TOLD: readonly MutationKind[] = ['literalType', 'value', 'deletion']
const FLOOR = 0.95
/** Without the types of Azure at hand a misspelt property that no rule asks for survives. */
const FLOOR_BY_RULES = 0.85
const SEED = Number(process.env.MUTATION_SEED ?? 4)
const PER_KIND = Number(process.env.MUTANTS_PER_KIND ?? 20)

const rules = Object.values(RULES).flat()

/** Whether our own rules notice. */
function rulesNotice(sources: Sources): boolean {
  const world = worldOf(sources)
  return rules.some(({ check }) => {
    try {
      return check(world).length > 0
    } catch {
      return true
    }
  })
}

function mutantsOf(kind: MutationKind, count: number, random: () => number): readonly Mutant[] {
  const paths = ours(committedSources)
  const mutants: Mutant[] = []
  while (mutants.length < count) {
    // By size: a long file has more places to go wrong.
    const path = paths[Math.floor(random() * paths.length)] ?? ''
    const mutant = mutantOf(path, committedSources.text(path), kind, random)
    if (mutant !== undefined && mutant.text !== committedSources.text(path)) mutants.push(mutant)
  }
  return mutants
}

interface Tally {
  readonly kind: MutationKind
  readonly made: number
  readonly byRules: number
  readonly byTypes: number
  readonly caught: number
  readonly survivors: readonly string[]
}

function tallyOf(kind: MutationKind, typeCheck: TypeCheck | undefined): Tally {
  const outcomes = mutantsOf(kind, PER_KIND, seededRandom(SEED + kind.length * 1000)).map((mutant) => {
    const sources = changedSources(committedSources, mutant.path, mutant.text)
    return {
      mutant,
      byRules: rulesNotice(sources),
      byTypes: (typeCheck?.(sources, mutant.path) ?? []).length > 0,
    }
  })
  const survivors = outcomes.filter((o) => !o.byRules && !o.byTypes)
  return {
    kind,
    made: outcomes.length,
    byRules: outcomes.filter((o) => o.byRules).length,
    byTypes: outcomes.filter((o) => o.byTypes).length,
    caught: outcomes.length - survivors.length,
    survivors: survivors.map(({ mutant: m }) => `${m.path}:${m.line} ${m.before} -> ${m.after}`),
  }
}

const typeCheck = await typeCheckAtHand()

describe('mutants of the infrastructure', () => {
  it('are none of the checks’ own making: as committed, nothing is found', () => {
    expect(rulesNotice(committedSources)).toBe(false)
    expect(ours(committedSources).flatMap((path) => typeCheck?.(committedSources, path) ?? [])).toEqual([])
  })

  it('in keys, types, versions, symbols and members are caught, 95 of 100', { timeout: 300_000 }, () => {
    const tallies = FLOORED.map((kind) => tallyOf(kind, typeCheck))
    report(tallies)
    const made = tallies.reduce((sum, t) => sum + t.made, 0)
    const survivors = tallies.flatMap((t) => t.survivors)
    const floor = typeCheck === undefined ? FLOOR_BY_RULES : FLOOR
    // Shows the survivors when there are too many of them.
    expect(survivors.slice(0, survivors.length <= made * (1 - floor) ? 0 : survivors.length)).toEqual([])
  })

  it.skipIf(process.env.MUTANTS_PER_KIND === undefined)('in values are told', { timeout: 300_000 }, () => {
    const tallies = TOLD.map((kind) => tallyOf(kind, typeCheck))
    report(tallies)
    expect(tallies.map((t) => t.made)).toEqual(TOLD.map(() => PER_KIND))
  })
})

/** On demand only: in the test run silence is success. */
function report(tallies: readonly Tally[]): void {
  if (process.env.MUTANTS_PER_KIND === undefined) return
  for (const { kind, made, byRules, byTypes, caught, survivors } of tallies) {
    process.stdout.write(`${kind.padEnd(12)} ${caught}/${made} caught (rules ${byRules}, types ${byTypes})\n`)
    for (const survivor of survivors) process.stdout.write(`    survived: ${survivor}\n`)
  }
}
