import { noFailpoint, type ReachFailpoint } from '../delivery/failpoint.ts'

/**
 * Under this name the embedded function host may leave word that it wants to hear of failpoints.
 * Nobody does so in Azure.
 */
export const FAILPOINT_HANDLER: unique symbol = Symbol.for('entra-risk-export.failpoint')

/** Whoever wants to hear of failpoints in this process. */
export const failpointHandler = (): ReachFailpoint =>
  (globalThis as { readonly [FAILPOINT_HANDLER]?: ReachFailpoint })[FAILPOINT_HANDLER] ?? noFailpoint
