// Stands in for the Azure CLI in front of a workspace: its rules, roles on it, and permissions in Microsoft Graph. Knows the requests of our
// scripts and no others.
const GRAPH = 'https://graph.microsoft.com/v1.0/servicePrincipals'
const RULES =
  /^https:\/\/management\.azure\.com(\/subscriptions\/.*)\/providers\/Microsoft\.SecurityInsights\/alertRules(?:\/([^?]+))?\?api-version=[\w-]+(&page=2)?$/

export function workspace(args, { world, keep, print, refuse }) {
  const option = (name) => args[args.indexOf(name) + 1]

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
}
