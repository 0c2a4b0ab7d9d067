import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { deviceCode } from '../../shared/composition/device-code.ts'
import { tenantId } from '../../shared/domain/identifiers.ts'
import { needsOf, READ_DIRECTORY } from '../../shared/graph/respond/needs.ts'
import { RESPONSE_ACTIONS } from '../../shared/graph/respond/response-action.ts'

const rows = async (): Promise<readonly string[]> => {
  const page = await readFile('docs/graph.md', 'utf8')
  return page
    .slice(page.indexOf('## Respond'))
    .split('\n')
    .filter((line) => line.startsWith('| `'))
}

describe('docs/graph.md', () => {
  it.each(RESPONSE_ACTIONS)('names every permission and role that %s takes', async (name) => {
    const ofAction = (await rows()).filter((row) => row.split('|')[1]?.includes(`\`${name}\``)).join('\n')
    for (const { permission } of needsOf(name, true)) expect(ofAction).toContain(`\`${permission}\``)
    // Whoever may change risk or applications may read the directory.
    const changing = needsOf(name, true).filter((needs) => needs !== READ_DIRECTORY)
    for (const { role } of changing) expect(ofAction).toContain(role)
  })
})

describe('a sign-in by device code', () => {
  const graph = { endpoint: 'https://graph.example' } as never
  it('asks for the permissions of the action, and for no other', () => {
    const permissions = needsOf('disable', false).map(({ permission }) => permission)
    const { scopes } = deviceCode({ tenantId: tenantId('t'), graph }, () => undefined, permissions)
    expect(scopes).toEqual(['https://graph.example/Application.ReadWrite.All'])
  })

  it.each([
    ['confirm-compromised', false, ['Application.Read.All', 'IdentityRiskyServicePrincipal.ReadWrite.All']],
    ['confirm-safe', false, ['Application.Read.All', 'IdentityRiskyAgent.ReadWrite.All']],
    ['enable', true, ['Application.ReadWrite.All', 'AgentIdentity.EnableDisable.All']],
    ['remove-credential', true, ['Application.ReadWrite.All']],
  ] as const)('for %s needs no more than it takes', (name, agents, permissions) => {
    expect(needsOf(name, agents).map(({ permission }) => permission)).toEqual(permissions)
  })
})
