import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { riskCollections } from '../../shared/graph/risk-collections.ts'

/**
 * Words of Microsoft Graph's permissions that allow more than to read
 * (https://learn.microsoft.com/graph/permissions-reference).
 */
const WRITES = /\b[A-Z]\w+\.(?:ReadWrite|Write|Manage|EnableDisable|Create|Delete|Send|AccessAsUser)\b[\w.]*/g
/** Application permissions are granted by an assignment of this type. */
const GRANTS = /appRoleAssign|oauth2PermissionGrant|00000003-0000-0000-c000-000000000000/i

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:bicep|json|sh|mjs|ya?ml)$/.test(name) && !name.includes('sentinel/'))
    .map((name) => join(folder, name))

/** A section of docs/graph.md on granting permissions to the app. */
function grantedBy(heading: string): string {
  const page = readFileSync('docs/graph.md', 'utf8')
  const section = page.split(/^#{2,3} (?=\S)/m).find((text) => text.startsWith(`${heading}\n`))
  if (section === undefined) throw new Error(`docs/graph.md has no section "${heading}".`)
  return section
}

const inLoop = (section: string): readonly string[] =>
  /for permission in ([^;]+);/.exec(section)?.[1]?.match(/[\w.]+/g) ?? []

test('the deployment grants the app nothing in Microsoft Graph', () => {
  const files = filesIn('infra')
  expect(files.length).toBeGreaterThan(20)
  for (const file of files) {
    const text = readFileSync(file, 'utf8')
    expect([file, text.match(WRITES) ?? []]).toEqual([file, []])
    expect([file, GRANTS.test(text)]).toEqual([file, false])
  }
})

test.each(['Enable reconciliation', 'Enable contexts'])(
  'docs/graph.md has the app granted permissions to read, and none to write: %s',
  (heading) => {
    const section = grantedBy(heading)
    expect(section).toMatch(/appRoleAssignments|#enable-reconciliation/)
    const permissions = inLoop(section)
    expect(permissions.length).toBeGreaterThan(1)
    for (const permission of permissions) expect(permission).toMatch(/\.Read\.(?:All|Directory)$/)
    expect(section.match(WRITES) ?? []).toEqual([])
  },
)

test('docs/graph.md has the app granted all that a section of a context needs', () => {
  const table = readFileSync('docs/graph.md', 'utf8').match(/^\| `\w+` \| .* \| `[\w.`, ]+ \|$/gm) ?? []
  const needed = table.flatMap(
    (row) =>
      row
        .split(' | ')
        .at(-1)
        ?.match(/\w+\.Read\.\w+/g) ?? [],
  )
  expect(needed.length).toBeGreaterThan(8)
  expect([...new Set(needed)].sort()).toEqual([...inLoop(grantedBy('Enable contexts'))].sort())
})

test('the embedded stack has the app granted no more than that', () => {
  const text = readFileSync('local/stack/stack.ts', 'utf8')
  const list = /const APP_PERMISSIONS = \[([^\]]*)\]/.exec(text)?.[1] ?? ''
  expect(list).toContain("'Policy.Read.All'")
  expect(list.match(WRITES) ?? []).toEqual([])
  // What the list takes from there.
  expect(list).toContain('...riskCollections(true)')
  for (const { permission } of riskCollections(true)) expect(permission).toMatch(/\.Read\.All$/)
})
