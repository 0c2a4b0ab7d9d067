import { LOGO_TAG, SOLUTION, WORKBOOK } from './about.ts'
import { connectorContent } from './connector.ts'
import type { SentinelContent } from './content.ts'
import { watchlistResource, workbookContent } from './other-content.ts'
import { playbookContent, playbooks } from './playbook.ts'
import { functionContent, huntContent, ruleContent } from './query-content.ts'
import { summaryRuleResource } from './summary-rule.ts'
import { type Content, contentPackage, contentTemplate, type JsonObject } from './template-parts.ts'

const PARAMETERS = {
  location: {
    type: 'string',
    minLength: 1,
    defaultValue: '[resourceGroup().location]',
    metadata: { description: 'Default of workspace-location.' },
  },
  'workspace-location': {
    type: 'string',
    defaultValue: "[parameters('location')]",
    metadata: { description: 'Region of the workspace.' },
  },
  workspace: {
    type: 'string',
    metadata: { description: 'Name of the Log Analytics workspace with Microsoft Sentinel.' },
  },
}

/** How many pieces of each kind there are, in the words of the content hub. */
export const contentCounts = (content: SentinelContent): string =>
  [
    ['Data Connectors', 1],
    ['Parsers', content.functions().length],
    ['Workbooks', 1],
    ['Analytic Rules', content.rules().length],
    ['Hunting Queries', content.hunts().length],
    ['Summary Rules', 1],
    ['Watchlists', content.watchlists().length],
    ['Playbooks', playbooks(content).length],
  ]
    .map(([kind, count]) => `**${kind}:** ${count}`)
    .join(', ')

const html = (markdown: string): string =>
  markdown
    .replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, '<a href="$2">$1</a>')
    .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')

/**
 * The template that installs the solution: in the content hub as a package, alone as
 * `azuredeploy.json`, and as a module of the app's deployment. Rules, hunting queries, the workbook
 * and playbooks are templates; functions, the summary rule, watchlists and the connector page are
 * made at once.
 */
export function mainTemplate(content: SentinelContent): JsonObject {
  const functions = content
    .functions()
    .map((piece, i, all) => functionContent(piece, all[i - 1]?.value.alias))
  const connector = connectorContent()
  const contents: readonly Content[] = [
    connector.content,
    ...functions.map((f) => f.content),
    ...content.rules().map(ruleContent),
    ...content.hunts().map(huntContent),
    workbookContent(content.text('workbooks', WORKBOOK.file)),
    ...playbooks(content).map(playbookContent),
  ]
  const watchlists = content.watchlists()
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    metadata: { author: SOLUTION.author, comments: `Solution template for ${SOLUTION.name}` },
    parameters: PARAMETERS,
    resources: [
      ...contents.map(contentTemplate),
      ...functions.flatMap((f) => f.resources),
      summaryRuleResource(content),
      ...connector.resources,
      ...watchlists.map(watchlistResource),
      contentPackage(
        contents,
        watchlists.map(({ alias }) => alias),
        {
          descriptionHtml: `<p>${html(SOLUTION.description)}</p>\n<p>${html(contentCounts(content))}</p>`,
          icon: LOGO_TAG,
        },
      ),
    ],
    outputs: {},
  }
}
