// Stands in for the Azure CLI: rules of a workspace, roles on it, and permissions in Microsoft Graph. Keeps its world in a file, logs every
// call, knows the requests of our scripts and no others.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'

const args = process.argv.slice(2)
const world = JSON.parse(readFileSync(process.env.FAKE_AZ_WORLD, 'utf8'))
const keep = () => writeFileSync(process.env.FAKE_AZ_WORLD, JSON.stringify(world))
appendFileSync(process.env.FAKE_AZ_LOG, `${args.join(' ')}\n`)

const option = (name) => args[args.indexOf(name) + 1]
const print = (text) => process.stdout.write(`${text}\n`)
const refuse = (message) => {
  process.stderr.write(`ERROR: ${message}\n`)
  process.exit(1)
}

const GRAPH = 'https://graph.microsoft.com/v1.0/servicePrincipals'
const RULES =
  /^https:\/\/management\.azure\.com(\/subscriptions\/.*)\/providers\/Microsoft\.SecurityInsights\/alertRules(?:\/([^?]+))?\?api-version=[\w-]+(&page=2)?$/

function rules([, , name, second]) {
  if (option('--method') === 'put') {
    world.rules.push({ name, ...JSON.parse(option('--body')) })
    return keep()
  }
  // Two pages, as the service has them.
  const half = Math.ceil(world.rules.length / 2)
  const page = second === undefined ? world.rules.slice(0, half) : world.rules.slice(half)
  return print(
    JSON.stringify({
      value: page,
      ...(second === undefined ? { nextLink: `${option('--url')}&page=2` } : {}),
    }),
  )
}

function graph(url) {
  if (url.includes("(appId='00000003-0000-0000-c000-000000000000')")) return print('graph-id')
  const id = url.slice(GRAPH.length + 1)
  if (option('--method') === 'post') {
    world.assigned.push(JSON.parse(option('--body')))
    return keep()
  }
  if (id.endsWith('/appRoleAssignments')) {
    for (const { principalId, appRoleId } of world.assigned)
      if (id === `${principalId}/appRoleAssignments`) print(appRoleId)
    return
  }
  const permission = /^appRoles\[\?value=='([\w.]+)'\]\.id$/.exec(option('--query'))?.[1]
  const role = world.appRoles[permission]
  if (role !== undefined) print(role)
}

const verb = args.filter((_, i) => i < args.findIndex((a) => a.startsWith('--'))).join(' ')
if (verb === 'rest') {
  const url = option('--url')
  const rule = RULES.exec(url)
  if (rule !== null) rules(rule)
  else if (url.startsWith(GRAPH)) graph(url)
  else refuse(`unknown url ${url}`)
} else if (verb === 'resource show') {
  const name = option('--ids').split('/').at(-1)
  print(world.identities[name] ?? '')
} else if (verb === 'role assignment create') {
  world.roles.push([option('--assignee-object-id'), option('--role'), option('--scope')])
  keep()
} else refuse(`unknown command ${args.join(' ')}`)
