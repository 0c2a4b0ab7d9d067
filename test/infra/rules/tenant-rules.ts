import { USER_CATEGORIES, WORKLOAD_CATEGORIES } from '../../../shared/domain/category.ts'
import type { Deployment } from '../../support/bicep/snapshot.ts'
import { isArray } from '../../support/bicep/value.ts'
import { at, demand, differences, ofType, type Rule, textAt } from './world.ts'

const SETTING = 'microsoft.aadiam/diagnosticSettings'
const RULE_ID =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.EventHub/namespaces/n/authorizationRules/r'

function categories(deployment: Deployment): readonly string[] {
  const logs = at(ofType(deployment, SETTING)[0]?.body, 'properties.logs')
  return isArray(logs)
    ? logs.filter((log) => at(log, 'enabled') === true).map((log) => textAt(log, 'category'))
    : []
}

/** Categories as the script has them, by what switches them on. */
const inScript = (text: string, action: string): readonly string[] =>
  new RegExp(`${action}categories\\+?=\\(([\\w ]+)\\)`).exec(text)?.[1]?.split(' ') ?? []

/** The diagnostic setting: by script and by template the same. */
export const tenantRules: readonly Rule[] = [
  {
    name: 'the template streams the categories that the program knows, users only when asked for',
    check: (world) => [
      ...differences('categories', categories(world.deployment('tenant')), WORKLOAD_CATEGORIES),
      ...differences('with users', categories(world.deployment('tenant-users')), [
        ...WORKLOAD_CATEGORIES,
        ...USER_CATEGORIES,
      ]),
      ...differences('without agents', categories(world.deployment('tenant-without-agents')), [
        'RiskyServicePrincipals',
        'ServicePrincipalRiskEvents',
      ]),
    ],
  },
  {
    name: 'the template writes to the hub, by the rule, under the name of the script',
    check: (world) => {
      const script = world.sources.text('infra/tenant/diagnostic-setting.sh')
      const deployment = world.deployment('tenant')
      const name = ofType(deployment, SETTING)[0]?.name
      return [
        ...demand(SETTING, {
          'properties.eventHubName': 'entra-risk',
          'properties.eventHubAuthorizationRuleId': RULE_ID,
        })(deployment),
        ...(script.includes(`name=${name} `) ? [] : [`name ${name}`]),
      ]
    },
  },
  {
    name: 'the script streams the same categories as the template',
    check: (world) => {
      const script = world.sources.text('infra/tenant/diagnostic-setting.sh')
      return differences(
        'categories',
        [
          ...inScript(script, '\\n'),
          ...inScript(script, '"\\$agents" = false \\] \\|\\| '),
          ...inScript(script, '"\\$users" = false \\] \\|\\| '),
        ],
        categories(world.deployment('tenant-users')),
      )
    },
  },
]
