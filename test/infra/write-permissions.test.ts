import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

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

/** The section of docs/graph.md on granting permissions to the app. */
function grantedByDocs(): string {
  const page = readFileSync('docs/graph.md', 'utf8')
  const section = /^## Enable reconciliation\n([\s\S]*?)^## /m.exec(page)?.[1]
  if (section === undefined) throw new Error('docs/graph.md has no section on how to grant permissions.')
  return section
}

test('the deployment grants the app nothing in Microsoft Graph', () => {
  const files = filesIn('infra')
  expect(files.length).toBeGreaterThan(20)
  for (const file of files) {
    const text = readFileSync(file, 'utf8')
    expect([file, text.match(WRITES) ?? []]).toEqual([file, []])
    expect([file, GRANTS.test(text)]).toEqual([file, false])
  }
})

test('docs/graph.md has the app granted permissions to read, and none to write', () => {
  const section = grantedByDocs()
  expect(section).toContain('appRoleAssignments')
  const permissions = /for permission in ([^;]+);/.exec(section)?.[1]?.split(' ') ?? []
  expect(permissions.length).toBeGreaterThan(1)
  for (const permission of permissions) expect(permission).toMatch(/\.Read\.(?:All|Directory)$/)
  expect(section.match(WRITES) ?? []).toEqual([])
})

test('the embedded stack has the app granted no more than that', () => {
  const text = readFileSync('local/stack/stack.ts', 'utf8')
  const list = /const APP_PERMISSIONS = \[([^\]]*)\]/.exec(text)?.[1] ?? ''
  expect(list).toContain('IdentityRiskEvent.Read.All')
  expect(list.match(WRITES) ?? []).toEqual([])
})
