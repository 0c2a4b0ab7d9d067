import { expect, test } from 'vitest'
import classification from '../../../shared/graph/context/tiers.json' with { type: 'json' }
import { tierOfPermission, tierOfRole } from '../../../shared/graph/context/tiers.ts'

test.each([
  ['RoleManagement.ReadWrite.Directory', 'application', 0],
  ['AppRoleAssignment.ReadWrite.All', 'application', 0],
  ['Application.ReadWrite.OwnedBy', 'application', 0],
  ['Application.ReadWrite.OwnedBy', 'delegated', undefined],
  ['Mail.Read', 'application', 1],
  ['Mail.Read', 'delegated', 1],
  ['Files.ReadWrite', 'delegated', 2],
  ['User.Read', 'delegated', 2],
  ['User.Read', 'application', undefined],
  ['NoSuch.Permission', 'application', undefined],
] as const)('%s as %s permission has tier %s', (name, type, tier) => {
  expect(tierOfPermission(name, type)).toBe(tier)
})

test.each([
  ['62e90394-69f5-4237-9190-012177145e10', 0],
  ['62E90394-69F5-4237-9190-012177145E10', 0],
  ['88d8e3e3-8f55-4a1e-953a-9b9898b8876b', 1],
  ['95e79109-95c0-4d8e-aee3-d01accf2d47b', 2],
  ['00000000-0000-0000-0000-000000000000', undefined],
])('directory role %s has tier %s', (id, tier) => {
  expect(tierOfRole(id)).toBe(tier)
})

test('nothing is in two tiers', () => {
  const { permissions, directoryRoles } = classification
  const ofTiers = (listOf: (tier: 0 | 1 | 2) => string) =>
    ([0, 1, 2] as const).flatMap((tier) => listOf(tier).split(' '))
  const lists = [
    ofTiers((tier) => `${permissions[tier].both} ${permissions[tier].application}`),
    ofTiers((tier) => `${permissions[tier].both} ${permissions[tier].delegated}`),
    ofTiers((tier) => directoryRoles[tier]),
  ]
  for (const list of lists) {
    expect(new Set(list).size).toBe(list.length)
    expect(list).not.toContain('')
  }
})

test('the classification has its source and the notice of its licence', () => {
  const { source, commit, notice } = classification
  expect(source).toContain('AzurePrivilegedIAM')
  expect(commit).toMatch(/^[0-9a-f]{40}$/)
  expect(notice).toMatch(/^MIT License\. Copyright .* Permission is hereby granted/)
})
