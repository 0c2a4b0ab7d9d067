import { createHash } from 'node:crypto'
import { SOLUTION, WORKBOOK } from './about.ts'
import type { Watchlist } from './content.ts'
import {
  type Content,
  inSentinel,
  type JsonObject,
  literal,
  metadataResource,
  WORKSPACE_ID,
} from './template-parts.ts'

const uuidOf = (text: string): string => {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The workbook as a template; a copy that a SOC saves is its own. */
export function workbookContent(serializedData: string): Content {
  const content = {
    kind: 'Workbook',
    contentId: WORKBOOK.key,
    version: WORKBOOK.version,
    displayName: WORKBOOK.title,
  } as const
  const name = uuidOf(WORKBOOK.key)
  return {
    ...content,
    template: {
      resources: [
        {
          type: 'Microsoft.Insights/workbooks',
          apiVersion: '2023-06-01',
          name,
          location: "[parameters('workspace-location')]",
          kind: 'shared',
          metadata: { description: WORKBOOK.description },
          properties: {
            displayName: WORKBOOK.title,
            serializedData,
            version: '1.0',
            sourceId: `[${WORKSPACE_ID}]`,
            category: 'sentinel',
          },
        },
        metadataResource(content, `[resourceId('Microsoft.Insights/workbooks', '${name}')]`),
      ],
    },
  }
}

/**
 * A watchlist with its row without effect. Writing it again adds that row where it was removed and
 * leaves all others: the service adds rows, and drops copies.
 */
export const watchlistResource = ({ alias, title, searchKey, description, csv }: Watchlist): JsonObject => ({
  type: 'Microsoft.OperationalInsights/workspaces/providers/Watchlists',
  apiVersion: '2023-02-01',
  name: inSentinel(alias),
  properties: {
    watchlistAlias: alias,
    displayName: literal(title),
    description: literal(description),
    provider: SOLUTION.publisher,
    source: `${alias}.csv`,
    sourceType: 'Local file',
    itemsSearchKey: searchKey,
    contentType: 'text/csv',
    numberOfLinesToSkip: 0,
    rawContent: literal(csv),
  },
})
