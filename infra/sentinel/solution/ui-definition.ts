import { LOGO_TAG, SOLUTION } from './about.ts'
import type { SentinelContent } from './content.ts'
import { contentCounts } from './main-template.ts'
import type { JsonObject } from './template-parts.ts'

const textBlock = (name: string, text: string): JsonObject => ({
  name,
  type: 'Microsoft.Common.TextBlock',
  options: { text },
})

const step = (name: string, label: string, elements: readonly JsonObject[]): JsonObject => ({
  name,
  label,
  bladeTitle: label,
  subLabel: { preValidation: `Configure the ${name}`, postValidation: 'Done' },
  elements,
})

/** One foldable part for each piece of content. */
const sections = (
  prefix: string,
  pieces: readonly { readonly value: { readonly name: string; readonly description: string } }[],
): readonly JsonObject[] =>
  pieces.map(({ value }, i) => ({
    name: `${prefix}${i + 1}`,
    type: 'Microsoft.Common.Section',
    label: value.name,
    elements: [textBlock(`${prefix}${i + 1}-text`, value.description.trim())],
  }))

const IN_GROUP =
  "filter(basics('getLAWorkspace').value, (filter) => contains(toLower(filter.id), toLower(resourceGroup().name)))"

/** What the portal asks before it installs the solution. */
export const uiDefinition = (content: SentinelContent): JsonObject => ({
  $schema: 'https://schema.management.azure.com/schemas/0.1.2-preview/CreateUIDefinition.MultiVm.json#',
  handler: 'Microsoft.Azure.CreateUIDef',
  version: '0.1.2-preview',
  parameters: {
    config: {
      isWizard: false,
      basics: {
        description: `${LOGO_TAG}\n\n${SOLUTION.description}\n\n${contentCounts(content)}`,
        subscription: {
          resourceProviders: [
            'Microsoft.OperationsManagement/solutions',
            'Microsoft.OperationalInsights/workspaces/providers/alertRules',
            'Microsoft.Insights/workbooks',
            'Microsoft.Logic/workflows',
          ],
        },
        location: { metadata: { hidden: 'The region is that of the workspace.' }, visible: false },
        resourceGroup: { allowExisting: true },
      },
    },
    basics: [
      {
        name: 'getLAWorkspace',
        type: 'Microsoft.Solutions.ArmApiControl',
        toolTip: 'Workspaces of the chosen resource group',
        condition: '[greater(length(resourceGroup().name),0)]',
        request: {
          method: 'GET',
          path: "[concat(subscription().id,'/providers/Microsoft.OperationalInsights/workspaces?api-version=2020-08-01')]",
        },
      },
      {
        name: 'workspace',
        type: 'Microsoft.Common.DropDown',
        label: 'Workspace',
        placeholder: 'Select a workspace',
        toolTip: 'Workspaces of the chosen resource group',
        constraints: {
          allowedValues: `[map(${IN_GROUP}, (item) => parse(concat('{"label":"', item.name, '","value":"', item.name, '"}')))]`,
          required: true,
        },
        visible: true,
      },
    ],
    steps: [
      step('dataconnectors', 'Data connector', [
        textBlock(
          'dataconnectors-text',
          'The page of the data connector says how to deploy the app that writes the tables, and shows whether its heartbeat came within the last hour.',
        ),
      ]),
      step('workbooks', 'Workbook', [
        textBlock(
          'workbooks-text',
          'The workbook is a template: what you save of it is yours, and no later version changes it.',
        ),
      ]),
      step('analytics', 'Analytics rules', [
        textBlock(
          'analytics-text',
          'Rules are templates. Create and enable those that you want; no later version of the solution changes a rule of yours.',
        ),
        ...sections('analytic', content.rules()),
      ]),
      step('huntingqueries', 'Hunting queries', sections('huntingquery', content.hunts())),
      step('watchlists', 'Watchlists', [
        textBlock(
          'watchlists-text',
          'Owners, egress addresses, privileged identities and exceptions are watchlists, each with one row without effect.',
        ),
      ]),
      step('playbooks', 'Playbooks', [
        textBlock(
          'playbooks-text',
          'Playbooks are templates. Each runs as a managed identity of its own, with the one permission of Microsoft Graph that it needs.',
        ),
      ]),
    ],
    outputs: {
      'workspace-location': `[first(map(filter(${IN_GROUP}, (filter) => equals(filter.name,basics('workspace'))), (item) => item.location))]`,
      location: '[location()]',
      workspace: "[basics('workspace')]",
    },
  },
})
