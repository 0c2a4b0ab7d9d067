import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ContextSubject } from '../../../shared/graph/context/collect-context.ts'
import { recordOfContext } from '../../../shared/graph/context/context-record.ts'
import { contextWorld, NOW, subjectOf } from './context-world.ts'

const folder = new URL('../../golden/context/', import.meta.url)
const situations = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && !file.endsWith('.expected.json'))
  .map((file) => file.slice(0, -'.json'.length))

interface Situation {
  readonly subject: Pick<ContextSubject, 'id'> & Partial<ContextSubject>
  /** Default: all. */
  readonly permissions?: readonly string[]
}

const parseSituation = (name: string): Situation =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Situation

test('there is a situation of every kind', () => {
  expect(situations.length).toBeGreaterThanOrEqual(8)
})

test.each(situations)('the context of %s is as in its golden file', async (name) => {
  const { subject, permissions } = parseSituation(name)
  const world = await contextWorld()
  if (permissions !== undefined) world.permit(permissions)
  const collected = await world.collect(subject, subject)
  if (collected === 'unavailable') throw new Error('Graph is not available.')
  const record = recordOfContext(subjectOf(subject.id, subject), collected, NOW)
  await expect(`${JSON.stringify(record, null, 2)}\n`).toMatchFileSnapshot(
    `../../golden/context/${name}.expected.json`,
  )
})
