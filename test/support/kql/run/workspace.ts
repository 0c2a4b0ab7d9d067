import { parsers } from '../sentinel-content.ts'
import { WORKSPACE_TABLES } from '../workspace.ts'
import type { RunnableWorkspace } from './interpreter.ts'

const FUNCTIONS = parsers().map((p) => ({
  name: p.functionAlias,
  parameters: `(${p.parameters})`,
  body: p.query,
}))

/** The workspace of the solution, and its watchlists as tables by their alias; empty where not named. */
export const workspaceWith = (watchlists: RunnableWorkspace['watchlists']): RunnableWorkspace => ({
  tables: WORKSPACE_TABLES,
  functions: FUNCTIONS,
  watchlists,
})
