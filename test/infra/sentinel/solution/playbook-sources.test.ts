import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SentinelContent } from '../../../../infra/sentinel/solution/content.ts'
import { playbooks } from '../../../../infra/sentinel/solution/playbook.ts'
import { PLAYBOOKS } from '../../../../infra/sentinel/solution/playbook-actions.ts'
import { read } from '../../../support/kql/sentinel-content.ts'

/** Researched facts, which lie beside the repository where the project is worked on. */
const FACTS = '../shared/facts/playbook.json'
const GRANTS = 'infra/sentinel/grant-playbook.sh'

interface Request {
  readonly method: string
  readonly uri: string
}
function* requestsIn(value: unknown): Generator<Request> {
  if (typeof value !== 'object' || value === null) return
  if ('method' in value && 'uri' in value) yield value as unknown as Request
  for (const member of Object.values(value)) yield* requestsIn(member)
}
const requests = PLAYBOOKS.flatMap((p) =>
  [...requestsIn(p.definition)].map((request) => ({ playbook: p, request })),
)
/** Path of a request to Graph, without ids. */
const pathOf = ({ uri }: Request): string =>
  uri.replace('https://graph.microsoft.com', '').replaceAll(/@\{[^}]*\}/g, '{}')

const texts = (value: unknown): readonly string[] =>
  typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(texts)

describe('playbooks', () => {
  it('hand over no text that their template would take for an expression', () => {
    expect(PLAYBOOKS.flatMap((p) => texts(p.definition)).filter((t) => t.startsWith('['))).toEqual([])
  })

  it('are made by a template that asks for a name, a region, the workspace and their settings', () => {
    for (const { playbook, template } of playbooks(new SentinelContent('infra/sentinel'))) {
      expect(Object.keys(template['parameters'] as object).sort()).toEqual(
        ['PlaybookName', 'location', 'workspace', ...Object.keys(playbook.settings ?? {})].sort(),
      )
      expect(JSON.stringify(template['resources'])).not.toMatch(
        /parameters\('(?:tags|definition|settings)'\)/,
      )
    }
  })

  it('are granted by the script what they declare', () => {
    const granted = Object.fromEntries(
      [...read(GRANTS).matchAll(/^ {2}(\w+-[\w -|]+)\) permissions=\(([^)]*)\) ;;$/gm)].flatMap(
        ([, names = '', list = '']) =>
          names
            .split(' | ')
            .map((name) => [name, list.split(' ').filter((permission) => permission !== '')] as const),
      ),
    )
    expect(granted).toEqual(Object.fromEntries(PLAYBOOKS.map((p) => [p.name, p.permissions])))
  })
})

const parseFacts = (
  text: string,
): Readonly<Record<string, readonly { method: string; path: string | null; permission: string | null }[]>> =>
  JSON.parse(text)

describe.skipIf(!existsSync(FACTS))('the researched requests to Microsoft Graph', () => {
  const facts = existsSync(FACTS) ? parseFacts(readFileSync(FACTS, 'utf8')) : {}
  const known = [...(facts['graph'] ?? []), ...(facts['remediation'] ?? [])]

  it.each(
    requests
      .filter(({ request }) => request.method === 'POST' || request.method === 'PATCH')
      .filter(
        ({ request }) =>
          /riskyServicePrincipals|removePassword/.test(request.uri) || request.method === 'PATCH',
      )
      .map(
        ({ playbook, request }) =>
          [`${playbook.name}: ${request.method} ${pathOf(request)}`, playbook, request] as const,
      ),
  )('have %s with its permission', (_, playbook, request) => {
    const last = pathOf(request).replaceAll('{}', '').replace(/\/$/, '').split('/').at(-1) ?? ''
    const found = known.filter((k) => (k.path ?? '').includes(last) || (k.path ?? '').includes('removeKey'))
    expect(found).not.toEqual([])
    expect(playbook.permissions.some((p) => found.some((k) => k.permission?.includes(p)))).toBe(true)
  })
})
