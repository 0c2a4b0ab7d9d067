import type { Deployed, Deployment } from '../../support/bicep/snapshot.ts'
import { at, differences, inEach, label, ofType, type Rule, SCENARIO_NAMES, textAt } from './world.ts'

/**
 * Built-in roles by id, from
 * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles.
 */
export const BUILT_IN_ROLES: Readonly<Record<string, string>> = {
  'a638d3c7-ab3a-418d-83e6-5f17a39d4fde': 'Azure Event Hubs Data Receiver',
  '2b629674-e913-4c01-ae53-ef4638d8f975': 'Azure Event Hubs Data Sender',
  '12338af0-0e69-4776-bea7-57ae8d297424': 'Key Vault Crypto User',
  'b86a8fe4-44ce-4948-aee5-eccb2c155cd7': 'Key Vault Secrets Officer',
  '4633458b-17de-408a-b874-0445c86b69e6': 'Key Vault Secrets User',
  '73c42c96-874c-492b-b04d-ab87d138a893': 'Log Analytics Reader',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe': 'Storage Blob Data Contributor',
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
  '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1': 'Storage Blob Data Reader',
  'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a': 'Storage Queue Data Message Sender',
  '19e7f393-937e-4f77-808e-94535e297925': 'Storage Queue Data Reader',
  '76199698-9eea-4c19-bc75-cec21354c6b6': 'Storage Table Data Reader',
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88': 'Storage Queue Data Contributor',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
}

const PRINCIPALS: Readonly<Record<string, string>> = {
  '22222222-2222-4222-8222-222222222222': 'app',
  '44444444-4444-4444-8444-444444444444': 'platform',
  'group-auditors': 'auditors',
  'group-operators': 'operators',
}

/** Resources of unforeseeable name are called by their kind. */
const scopeName = (id: string): string => {
  const [kind = '', name = ''] = id.split('/').slice(-2)
  const host = /^(starc|sthost)/.exec(name)?.[0]
  if (host !== undefined) return host === 'sthost' ? 'host account' : 'archive account'
  return ['containers', 'eventhubs', 'keys', 'queues', 'tables'].includes(kind) ? `${kind} ${name}` : kind
}

/** Who has which role on what: one line each. */
export function grants(deployment: Deployment): readonly string[] {
  const custom = new Map(
    ofType(deployment, 'Microsoft.Authorization/roleDefinitions').map((r) => [
      r.name,
      `${textAt(r.body, 'properties.roleName').replace(/^Entra risk export | [a-z0-9]{13}$/g, '')} (custom)`,
    ]),
  )
  return ofType(deployment, 'Microsoft.Authorization/roleAssignments')
    .map((r) => {
      const roleId = textAt(r.body, 'properties.roleDefinitionId').split('/').at(-1) ?? ''
      const who = PRINCIPALS[textAt(r.body, 'properties.principalId')] ?? 'unknown principal'
      const condition = at(r.body, 'properties.condition')
      const role = BUILT_IN_ROLES[roleId] ?? custom.get(roleId) ?? `unknown role ${roleId}`
      return `${who}: ${role} on ${scopeName(r.scopeId ?? '')}${condition ? ', not deleting' : ''}`
    })
    .sort()
}

export const APP_GRANTS = [
  'app: Azure Event Hubs Data Receiver on eventhubs entra-risk',
  'app: Azure Event Hubs Data Sender on eventhubs entra-risk',
  'app: Key Vault Crypto User on keys evidence',
  'app: Key Vault Secrets User on vaults',
  'app: Monitoring Metrics Publisher on components',
  'app: Monitoring Metrics Publisher on dataCollectionRules',
  'app: Storage Blob Data Owner on host account',
  'app: Storage Queue Data Contributor on host account',
  'app: Storage Table Data Contributor on host account',
] as const
export const PLATFORM_GRANTS = [
  'platform: Storage Blob Data Contributor on containers app-package',
  'platform: Storage Blob Data Reader on containers app-package',
] as const
const CONTAINERS = ['archive', 'deadletters', 'evidence', 'evidence-fixed', 'receipts'] as const
export const ARCHIVE_GRANTS = CONTAINERS.map((c) => `app: archive writer (custom) on containers ${c}`)
export const PEOPLE_GRANTS = [
  ...CONTAINERS.map((c) => `auditors: Storage Blob Data Reader on containers ${c}`),
  'operators: Azure Event Hubs Data Receiver on eventhubs entra-risk',
  'operators: Key Vault Secrets Officer on vaults',
  ...['archive', 'evidence', 'evidence-fixed', 'receipts'].map(
    (c) => `operators: Storage Blob Data Reader on containers ${c}`,
  ),
  'operators: Storage Blob Data Contributor on containers deadletters',
  'operators: Storage Blob Data Reader on host account',
  'operators: Storage Queue Data Reader on host account',
  'operators: Storage Queue Data Message Sender on queues outbox-wake-up',
  'operators: Storage Table Data Reader on host account',
  'operators: Storage Table Data Contributor on tables outbox',
]
export const CUSTOM_PEOPLE_GRANTS = ['operators: app operator (custom) on sites'] as const
export const READER_GRANTS = [
  'auditors: Log Analytics Reader on workspaces',
  'operators: Log Analytics Reader on workspaces',
]

const wrongPrincipalType = (r: Deployed): boolean => {
  const group = textAt(r.body, 'properties.principalId').startsWith('group-')
  return at(r.body, 'properties.principalType') !== (group ? 'Group' : 'ServicePrincipal')
}

/** Least privilege, word for word. */
export const roleRules: readonly Rule[] = [
  {
    name: 'role ids are those of the roles they are named after',
    check: ({ sources }) => {
      const roles: Record<string, { name: string; id: string }> = JSON.parse(sources.text('infra/roles.json'))
      return Object.entries(roles)
        .filter(
          ([key, { name, id }]) =>
            BUILT_IN_ROLES[id] !== name ||
            key.toLowerCase() !== name.replaceAll(/Azure|\s/g, '').toLowerCase(),
        )
        .map(([key]) => key)
    },
  },
  {
    name: 'without groups the app alone has rights, and exactly these',
    check: inEach(['plain'], (d) =>
      differences('grants', grants(d), [...APP_GRANTS, ...PLATFORM_GRANTS, ...ARCHIVE_GRANTS]),
    ),
  },
  {
    name: 'auditors and operators have exactly their rights',
    check: inEach(['usual', 'private'], (d) =>
      differences('grants', grants(d), [
        ...APP_GRANTS,
        ...PLATFORM_GRANTS,
        ...ARCHIVE_GRANTS,
        ...PEOPLE_GRANTS,
        ...CUSTOM_PEOPLE_GRANTS,
        ...READER_GRANTS,
      ]),
    ),
  },
  {
    name: 'nobody is made a reader of a workspace that is not ours, and without a custom role a condition forbids deleting',
    check: inEach(['guest'], (d) =>
      differences('grants', grants(d), [
        ...APP_GRANTS,
        ...PLATFORM_GRANTS,
        ...PEOPLE_GRANTS,
        ...CONTAINERS.map((c) => `app: Storage Blob Data Contributor on containers ${c}, not deleting`),
      ]),
    ),
  },
  {
    name: 'the condition that stands in for the custom role forbids deleting blobs',
    check: inEach(['guest'], (d) =>
      ofType(d, 'Microsoft.Authorization/roleAssignments')
        .filter((r) => at(r.body, 'properties.condition'))
        .filter(
          (r) =>
            at(r.body, 'properties.condition') !==
              "!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete'})" ||
            at(r.body, 'properties.conditionVersion') !== '2.0',
        )
        .map(label),
    ),
  },
  {
    name: 'the custom role creates and reads blobs, and can neither delete nor move them',
    check: inEach(['plain'], (d) => {
      const [role] = ofType(d, 'Microsoft.Authorization/roleDefinitions')
      const permissions = at(role?.body, 'properties.permissions.0')
      const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs'
      const wanted = {
        actions: ['Microsoft.Storage/storageAccounts/blobServices/containers/read'],
        notActions: [],
        dataActions: [`${blobs}/read`, `${blobs}/add/action`, `${blobs}/write`],
        notDataActions: [],
      }
      return JSON.stringify(permissions) === JSON.stringify(wanted) && role?.group === 'rg-trial-archive'
        ? []
        : [JSON.stringify(permissions)]
    }),
  },
  {
    name: 'what operators may do with the app changes nothing of it',
    check: inEach(['usual'], (d) => {
      const role = ofType(d, 'Microsoft.Authorization/roleDefinitions').find((r) => r.group === 'rg-trial')
      const permissions = at(role?.body, 'properties.permissions.0')
      const wanted = {
        actions: [
          'Microsoft.Web/sites/read',
          'Microsoft.Web/sites/config/list/action',
          'Microsoft.Web/sites/config/read',
          'Microsoft.Web/sites/functions/listkeys/action',
          'Microsoft.Web/sites/functions/read',
          'Microsoft.Web/sites/restart/action',
        ],
        notActions: [],
        dataActions: [],
        notDataActions: [],
      }
      return JSON.stringify(permissions) === JSON.stringify(wanted) ? [] : [JSON.stringify(permissions)]
    }),
  },
  {
    name: 'where no package is to come, nobody at all is given the right to write one',
    check: inEach(['landing-zone'], (d) =>
      differences(
        'grants on the package',
        grants(d).filter((grant) => grant.includes('app-package')),
        ['platform: Storage Blob Data Reader on containers app-package'],
      ),
    ),
  },
  {
    name: 'every assignment says what kind of principal it is for, so that it does not wait for Entra',
    check: inEach(SCENARIO_NAMES, (d) =>
      ofType(d, 'Microsoft.Authorization/roleAssignments').filter(wrongPrincipalType).map(label),
    ),
  },
  {
    name: 'no two assignments have the same name',
    check: inEach(SCENARIO_NAMES, (d) => {
      const names = ofType(d, 'Microsoft.Authorization/roleAssignments').map((r) => r.name)
      return names.filter((name, i) => names.indexOf(name) !== i)
    }),
  },
]
