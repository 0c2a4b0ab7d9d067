import { USER_CATEGORIES, WORKLOAD_CATEGORIES } from '../../../shared/domain/category.ts'
import { type Deployment, deploy } from '../../support/bicep/deploy.ts'
import type { ValueObject } from '../../support/bicep/value.ts'
import { isArray } from '../../support/bicep/value.ts'
import { at, demand, differences, ofType, type Rule, textAt, type World } from './world.ts'

const SETTING = 'microsoft.aadiam/diagnosticSettings'
const RULE_ID =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.EventHub/namespaces/n/authorizationRules/r'

/** What the tenant's own template would deploy. */
export const tenantDeployment = ({ sources }: World, more: ValueObject = {}): Deployment =>
  deploy(sources, 'infra/tenant/diagnostic-setting.bicep', {
    diagnosticRuleId: RULE_ID,
    eventHubName: 'entra-risk',
    ...more,
  })

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
      ...differences('categories', categories(tenantDeployment(world)), WORKLOAD_CATEGORIES),
      ...differences('with users', categories(tenantDeployment(world, { withUsers: true })), [
        ...WORKLOAD_CATEGORIES,
        ...USER_CATEGORIES,
      ]),
      ...differences('without agents', categories(tenantDeployment(world, { withAgents: false })), [
        'RiskyServicePrincipals',
        'ServicePrincipalRiskEvents',
      ]),
    ],
  },
  {
    name: 'the template writes to the hub, by the rule, under the name of the script',
    check: (world) => {
      const script = world.sources.text('infra/tenant/diagnostic-setting.sh')
      const deployment = tenantDeployment(world)
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
        categories(tenantDeployment(world, { withUsers: true })),
      )
    },
  },
]
