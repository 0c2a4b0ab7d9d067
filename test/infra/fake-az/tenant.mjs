// Stands in for the Azure CLI in front of a tenant: knows the commands and queries of our scripts and no others.
import { readFileSync } from 'node:fs'

const settingFields = ({ name, properties }) => [
  name,
  properties.eventHubName ?? null,
  properties.eventHubAuthorizationRuleId ?? null,
  (properties.logs ?? [])
    .filter((log) => log.enabled)
    .map((log) => log.category)
    .sort()
    .join(','),
]
const FIELDS =
  "name, properties.eventHubName, properties.eventHubAuthorizationRuleId, join(',', sort((properties.logs || `[]`)[?enabled].category))"
/** The JMESPath expressions of our scripts, each with what it means. */
const queries = {
  [`value[].[${FIELDS}]`]: (it) => it.value.map(settingFields),
  [`[[${FIELDS}]]`]: (it) => [settingFields(it)],
  '[[state, immutabilityPeriodSinceCreationInDays, etag]]': (it) => it && [[it.state, it.days, it.etag]],
  'tags."risk-export-package-sha256"': (it) => it.tags['risk-export-package-sha256'],
  id: (it) => it.id,
  "[?contains(operationName.value, 'uthorizationRules/') && status.value=='Succeeded'].[eventTimestamp, operationName.value, resourceId, caller]":
    (it) => it,
  '[].name': (it) => it,
  'value[].name': (it) => it.value,
  '[[tenantId, user.name]]': (it) => [[it.tenantId, it.user]],
  tenantId: (it) => it.tenantId,
  principalId: (it) => it.principalId,
  '[[properties.functionAppConfig.deployment.storage.value, properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId]]':
    ({ value, identity }) => [[value, identity]],
  "value[?properties.status!='Resolved'].[name, properties.status]": (it) =>
    Object.entries(it).filter(([, status]) => status !== 'Resolved'),
}

const ARM = 'https://management.azure.com'
const APP = '/subscriptions/s/resourceGroups/rg-trial/providers/Microsoft.Web/sites/func-1'
const SETTINGS =
  /^https:\/\/management\.azure\.com\/providers\/microsoft\.aadiam\/diagnosticSettings(?:\/([^?]+))?\?api-version=2017-04-01$/

export function tenant(args, { world, keep, print, refuse }) {
  const option = (name) => {
    const at = args.indexOf(name)
    return at < 0 ? undefined : args[at + 1]
  }
  /** As the CLI prints `--output tsv`: rows of a list, cells apart by tabs, None for null. */
  const tsv = (value) => {
    if (value === null || value === undefined) return
    const rows = Array.isArray(value) ? value : [value]
    const cell = (it) => (it === null ? 'None' : String(it))
    for (const row of rows) print(Array.isArray(row) ? row.map(cell).join('\t') : cell(row))
  }

  const answer = (result) => {
    if (option('--output') === 'none') return
    const query = queries[option('--query')]
    if (query === undefined) refuse(`unknown query ${option('--query')}`)
    tsv(query(result))
  }

  /** References to the vault keep what they were until somebody asks for them to be read again. */
  function references(method, refresh) {
    if (method === 'get' && !refresh) return answer(world.references ?? {})
    if (method !== 'post' || !refresh) return refuse('unknown method')
    world.refreshes = (world.refreshes ?? 0) + 1
    for (const [name, { status, until }] of Object.entries(world.vault ?? {}))
      world.references[name] = world.refreshes > until ? 'Resolved' : status
    return keep()
  }

  function rest() {
    const address = option('--url')
    if (address === `${ARM}/providers/microsoft.aadiam/diagnosticSettingsCategories?api-version=2017-04-01`)
      return world.categories === undefined
        ? refuse('Forbidden({"error":{"code":"AuthorizationFailed"}})')
        : answer({ value: world.categories })
    for (const refresh of [false, true])
      if (
        address ===
        `${ARM}${APP}/config/configreferences/appsettings${refresh ? '/refresh' : ''}?api-version=2023-12-01`
      )
        return references(option('--method'), refresh)
    if (address === `${ARM}${APP}?api-version=2024-04-01`)
      return answer({
        value: 'https://stpkg1.blob.core.windows.net/app-package',
        identity: '/subscriptions/s/id-deploy',
      })
    const url = SETTINGS.exec(address)
    if (url === null) refuse(`unknown url ${address}`)
    if (world.settings === undefined) refuse('Forbidden({"error":{"code":"AuthorizationFailed"}})')
    const name = url[1]
    switch (option('--method')) {
      case 'get': {
        if (name === undefined)
          return answer({
            value: world.settings.filter((s) => !(s.name === world.fresh && world.hiddenReads > 0)),
          })
        if (world.fresh === name && world.hiddenReads > 0) {
          world.hiddenReads -= 1
          keep()
          refuse('Not Found({"error":{"code":"ResourceNotFound"}})')
        }
        const found = world.settings.find((s) => s.name === name)
        return found === undefined
          ? refuse('Not Found({"error":{"code":"ResourceNotFound"}})')
          : answer(found)
      }
      case 'put': {
        const body = JSON.parse(readFileSync(option('--body').slice(1), 'utf8'))
        if (world.losesCategory !== undefined)
          body.properties.logs = body.properties.logs.filter((l) => l.category !== world.losesCategory)
        world.settings = [...world.settings.filter((s) => s.name !== name), { name, ...body }]
        if (world.alsoTouches !== undefined)
          world.settings = world.settings.filter((s) => s.name !== world.alsoTouches)
        world.fresh = name
        return keep()
      }
      case 'delete':
        world.settings = world.settings.filter((s) => s.name !== name)
        return keep()
      default:
        return refuse('unknown method')
    }
  }

  function immutability(verb) {
    const container = option('--container-name')
    const policy = world.policies[container]
    if (verb === 'show') return answer(policy)
    if (policy.etag !== option('--if-match'))
      refuse('The condition specified using HTTP conditional header(s) is not met.')
    policy.state = world.lockDoesNothing ? 'Unlocked' : 'Locked'
    policy.etag = `${policy.etag}-locked`
    return keep()
  }

  switch (args.filter((_, i) => i < args.findIndex((a) => a.startsWith('--'))).join(' ')) {
    case 'rest':
      rest()
      break
    case 'storage container immutability-policy show':
      immutability('show')
      break
    case 'storage container immutability-policy lock':
      immutability('lock')
      break
    case 'account show': {
      const { tenantId = 'tenant-1', user = 'admin@example.com' } = world.account ?? {}
      const subscription = option('--subscription')
      if (subscription === undefined) answer({ tenantId, user })
      else if (world.subscriptionTenant === null) refuse(`Subscription '${subscription}' not found.`)
      else answer({ tenantId: world.subscriptionTenant ?? tenantId })
      break
    }
    case 'eventhubs namespace show':
      answer({
        id: `/subscriptions/${world.subscription}/resourceGroups/${option('--resource-group')}/providers/Microsoft.EventHub/namespaces/${option('--name')}`,
      })
      break
    case 'eventhubs namespace authorization-rule keys renew': {
      // What the setting writes by while a key of its rule changes: that would be lost.
      const [setting] = world.settings ?? []
      if (setting?.properties.eventHubAuthorizationRuleId.endsWith(`/${option('--name')}`))
        refuse('the setting writes by this rule')
      world.renewed = [...(world.renewed ?? []), `${option('--name')} ${option('--key')}`]
      keep()
      break
    }
    case 'eventhubs namespace authorization-rule create':
      world.rules = [...(world.rules ?? []), option('--name')]
      keep()
      break
    case 'eventhubs namespace authorization-rule delete':
      world.rules = world.rules.filter((name) => name !== option('--name'))
      keep()
      break
    case 'monitor activity-log list':
      answer(world.activity)
      break
    case 'functionapp show':
      answer({ id: APP, tags: world.tags })
      break
    case 'storage account show':
      answer({ id: `/subscriptions/s/storageAccounts/${option('--name')}` })
      break
    case 'identity show':
      answer({ principalId: `principal of ${option('--ids')}` })
      break
    case 'role assignment delete':
      if (world.mayNotAssign) refuse('(AuthorizationFailed) The client may not delete role assignments.')
      break
    case 'functionapp deployment source config-zip': {
      const [refusal, ...later] = world.packageRefusals ?? []
      world.packageRefusals = later
      if (refusal === undefined) world.deployed = option('--src')
      keep()
      if (refusal !== undefined) refuse(refusal)
      break
    }
    case 'functionapp function list': {
      const visible = world.deployed !== undefined && world.functionsHiddenFor <= 0
      world.functionsHiddenFor -= 1
      keep()
      answer(visible ? world.functions : [])
      break
    }
    default:
      refuse(`unknown command ${args.join(' ')}`)
  }
}
