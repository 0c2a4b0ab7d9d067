import { SOLUTION, SUPPORT } from './about.ts'
import type { SentinelContent } from './content.ts'
import { PLAYBOOKS, type Playbook } from './playbook-actions.ts'
import {
  type Content,
  type Json,
  type JsonObject,
  literal,
  metadataResource,
  parseJsonObject,
} from './template-parts.ts'

export const PLAYBOOK_VERSION = '1.0.0'

/** Given by the solution rather than by the person who makes the playbook: variables of its template. */
const GIVEN = ['tags', 'definition', 'settings']

const parseTemplate = (text: string): JsonObject & { readonly parameters: JsonObject } => JSON.parse(text)

/** The compiled template of all playbooks, with what is given as variables. */
const compiled = (content: SentinelContent) =>
  parseTemplate(
    GIVEN.reduce(
      (text, name) => text.replaceAll(`parameters('${name}')`, `variables('${name}')`),
      content.text('playbooks', 'playbook.json'),
    ),
  )

/** What its identity has to be given. */
export const afterDeployment = ({ permissions }: Playbook): string => {
  const graph = permissions.length === 0 ? '' : `, and in Microsoft Graph ${permissions.join(', ')}`
  return `Run infra/sentinel/grant-playbook.sh: it gives the identity of the playbook Microsoft Sentinel Responder and Log Analytics Reader on the workspace${graph}.`
}

const metadataOf = (playbook: Playbook): JsonObject => ({
  title: playbook.title,
  description: playbook.description,
  prerequisites: 'The custom details of the rules of this solution.',
  postDeployment: [afterDeployment(playbook)],
  lastUpdateTime: `${SOLUTION.firstPublishDate}T00:00:00Z`,
  entities: ['Account'],
  tags: playbook.tags,
  support: { tier: SUPPORT.tier },
  author: { name: SOLUTION.author },
})

/** The template that makes one playbook; deployable alone. */
export function playbookTemplate(playbook: Playbook, content: SentinelContent): JsonObject {
  const { parameters, ...template } = compiled(content)
  const settings = playbook.settings ?? {}
  const asked = Object.entries(settings).map(([name, description]): [string, Json] => [
    name,
    { type: 'string', metadata: { description } },
  ])
  const kept = Object.entries(parameters).filter(([name]) => !GIVEN.includes(name))
  return parseJsonObject({
    ...template,
    metadata: metadataOf(playbook),
    parameters: {
      ...Object.fromEntries([...kept, ...asked]),
      PlaybookName: { type: 'string', defaultValue: playbook.name },
    },
    variables: {
      tags: {
        'hidden-SentinelTemplateName': playbook.name,
        'hidden-SentinelTemplateVersion': PLAYBOOK_VERSION,
      },
      definition: playbook.definition,
      settings: Object.fromEntries(
        Object.keys(settings).map((name) => [name, { value: `[parameters('${name}')]` }]),
      ),
    },
  })
}

export const playbooks = (content: SentinelContent) =>
  PLAYBOOKS.map((playbook) => ({ playbook, template: playbookTemplate(playbook, content) }))

/**
 * A playbook's template within the solution: evaluated when a person makes the playbook, so that its
 * expressions are text to the deployment of the solution.
 */
export function playbookContent({
  playbook,
  template,
}: {
  readonly playbook: Playbook
  readonly template: JsonObject
}): Content {
  const content = {
    kind: 'Playbook',
    contentId: playbook.name,
    version: PLAYBOOK_VERSION,
    displayName: playbook.title,
  } as const
  const { metadata, parameters, variables, resources } = parseParts(literal(template))
  return {
    ...content,
    template: {
      metadata,
      parameters: {
        ...parameters,
        workspace: { type: 'string', defaultValue: "[parameters('workspace')]" },
      },
      variables,
      resources: [
        ...resources,
        metadataResource(content, `[resourceId('Microsoft.Logic/workflows', '${playbook.name}')]`),
      ],
    },
  }
}

const parseParts = (
  template: Json,
): {
  readonly metadata: JsonObject
  readonly parameters: JsonObject
  readonly variables: JsonObject
  readonly resources: readonly JsonObject[]
} => JSON.parse(JSON.stringify(template))
