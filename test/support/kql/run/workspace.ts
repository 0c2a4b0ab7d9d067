import { type Parser, parsers } from '../sentinel-content.ts'
import { WORKSPACE_TABLES } from '../workspace.ts'
import type { RunnableWorkspace } from './interpreter.ts'

/** Columns that a key vault brings to the table that all resources share; no workspace has them before. */
const OF_KEY_VAULTS = { identity_claim_appid_g: 'string', requestUri_s: 'string', httpStatusCode_d: 'real' }

const TABLES = {
  ...WORKSPACE_TABLES,
  AzureDiagnostics: { ...WORKSPACE_TABLES['AzureDiagnostics'], ...OF_KEY_VAULTS },
}

/**
 * The workspace of the solution, with its functions or those given, and its watchlists as tables by
 * their alias; empty where not named.
 */
export const workspaceWith = (
  watchlists: RunnableWorkspace['watchlists'],
  functions: readonly Parser[] = parsers(),
): RunnableWorkspace => ({
  tables: TABLES,
  functions: functions.map((p) => ({
    name: p.functionAlias,
    parameters: `(${p.parameters})`,
    body: p.query.trimEnd(),
  })),
  watchlists,
})
