import type { FoundCommand } from './commands-in.ts'

/** Roles of which one suffices; `anyone`: signed in; none: nobody can. */
export type Needs = readonly string[]

const ANYONE: Needs = ['anyone']
const NOBODY: Needs = []
const WRITE: Needs = ['Contributor']
const READ: Needs = ['Reader']
const APP: Needs = ['Website Contributor']
const GRANT: Needs = ['Role Based Access Control Administrator', 'User Access Administrator']
const DIRECTORY_READ: Needs = ['anyone']
const SETTING: Needs = ['Security Administrator']

/** The right that each command takes, by its words; the longest that fits counts. */
const COMMANDS: Readonly<Record<string, Needs>> = {
  'account set': ANYONE,
  'account show': ANYONE,
  login: ANYONE,
  'bicep build': ANYONE,
  'bicep install': ANYONE,
  'ad app create': ['Application Administrator', 'Application Developer'],
  'ad app credential reset': ['Cloud Application Administrator', 'Application Administrator'],
  'ad app delete': ['Application Administrator'],
  'ad app federated-credential delete': ['Cloud Application Administrator', 'Application Administrator'],
  'ad app owner list': DIRECTORY_READ,
  'ad signed-in-user show': ANYONE,
  'ad sp create': ['Application Administrator', 'Cloud Application Administrator'],
  'ad sp show': DIRECTORY_READ,
  'deployment group create': WRITE,
  'deployment sub create': WRITE,
  'deployment sub show': READ,
  'deployment sub validate': WRITE,
  'deployment sub what-if': WRITE,
  'deployment tenant create': ['Microsoft.Resources/deployments/*'],
  'eventhubs namespace authorization-rule create': WRITE,
  'eventhubs namespace authorization-rule delete': WRITE,
  'eventhubs namespace authorization-rule keys renew': WRITE,
  'eventhubs namespace show': READ,
  'functionapp config appsettings delete': APP,
  'functionapp config appsettings list': APP,
  'functionapp config appsettings set': APP,
  'functionapp deployment source config-zip': APP,
  'functionapp function list': APP,
  'functionapp keys list': APP,
  'functionapp list-flexconsumption-locations': ANYONE,
  'functionapp show': READ,
  'functionapp start': APP,
  'functionapp stop': APP,
  'group delete': WRITE,
  'identity show': READ,
  'keyvault key rotate': ['Key Vault Crypto Officer'],
  'keyvault recover': WRITE,
  'keyvault secret set': ['Key Vault Secrets Officer'],
  'keyvault show': READ,
  'monitor activity-log list': READ,
  'monitor log-analytics query': ['Log Analytics Reader'],
  'monitor log-analytics workspace show': READ,
  'provider register': WRITE,
  'provider show': READ,
  'resource show': READ,
  'role assignment create': GRANT,
  'role assignment delete': GRANT,
  'role assignment list': READ,
  'role definition delete': ['Owner', 'User Access Administrator'],
  'storage account show': READ,
  'storage blob download-batch': ['Storage Blob Data Reader'],
  'storage blob metadata update': ['Storage Blob Data Contributor', 'Storage Blob Data Owner'],
  'storage container immutability-policy lock': WRITE,
  'storage container immutability-policy show': READ,
  'ts create': WRITE,
  'ts show': READ,
}

const AZD: Readonly<Record<string, Needs>> = {
  'auth login': ANYONE,
  deploy: APP,
  down: WRITE,
  'env get-values': ANYONE,
  'env new': ANYONE,
  'env set': ANYONE,
  'env set-secret': ['Key Vault Secrets Officer'],
  provision: ['Owner'],
  up: ['Owner'],
}

/** `az rest`, by method and address: the token is that of the Azure CLI, with its scopes of Graph and no others. */
const REST: readonly (readonly [RegExp, Needs])[] = [
  [/^\w+ https:\/\/graph\.microsoft\.com\/\S+\/identityProtection\//, NOBODY],
  [/^get https:\/\/graph\.microsoft\.com\/v1\.0\/servicePrincipals[/(]/, DIRECTORY_READ],
  [
    /^(?:post|delete) https:\/\/graph\.microsoft\.com\/v1\.0\/(?:servicePrincipals\/\S+\/appRoleAssignments|oauth2PermissionGrants)/,
    ['Privileged Role Administrator'],
  ],
  [
    /^post https:\/\/management\.azure\.com\/providers\/Microsoft\.Authorization\/elevateAccess/,
    ['Global Administrator'],
  ],
  [
    /^get https:\/\/management\.azure\.com\/providers\/microsoft\.aadiam\//,
    [...SETTING, 'Monitoring Reader'],
  ],
  [
    /^(?:put|delete) https:\/\/management\.azure\.com\/providers\/microsoft\.aadiam\/diagnosticSettings\//,
    SETTING,
  ],
  [/^get https:\/\/management\.azure\.com\$id\?/, READ],
  [/^get https:\/\/management\.azure\.com\S+\/configreferences\/appsettings/, READ],
  [/^post https:\/\/management\.azure\.com\S+\/configreferences\/appsettings\/refresh/, APP],
]

/** Roles that hold more than another. */
const HOLDS: Readonly<Record<string, readonly string[]>> = {
  Owner: ['Contributor', 'Role Based Access Control Administrator', 'User Access Administrator'],
  Contributor: ['Website Contributor', 'Reader'],
  'Website Contributor': ['Reader'],
  Reader: ['Log Analytics Reader', 'Monitoring Reader'],
  'Storage Blob Data Contributor': ['Storage Blob Data Reader'],
  'Global Administrator': ['User Access Administrator', 'Security Administrator'],
}

export const withAllHeld = (roles: readonly string[]): ReadonlySet<string> => {
  const held = new Set(['anyone', ...roles])
  for (const role of held) for (const more of HOLDS[role] ?? []) held.add(more)
  return held
}

/** What a command takes; undefined where nobody has looked it up. */
export function needsOf({ tool, words, line }: FoundCommand): Needs | undefined {
  if (tool === 'az' && words === 'rest') {
    const option = (name: string): string => new RegExp(`--${name} ["']?([^"'\\s]+)`).exec(line)?.[1] ?? ''
    const request = `${option('method')} ${option('url')}`
    return REST.find(([pattern]) => pattern.test(request))?.[1]
  }
  const table = tool === 'az' ? COMMANDS : AZD
  const parts = words.split(' ')
  for (let length = parts.length; length > 0; length--) {
    const needs = table[parts.slice(0, length).join(' ')]
    // Words behind a command can only be its arguments where it takes any: `azd env set NAME`, `azd deploy exporter`.
    if (needs !== undefined && (length === parts.length || tool === 'azd')) return needs
  }
  return undefined
}
