import { noFailpoint, type ReachFailpoint } from '../delivery/failpoint.ts'

/** The embedded function host registers its failpoint handler under this name; Azure's does not. */
export const FAILPOINT_HANDLER: unique symbol = Symbol.for('entra-risk-export.failpoint')

/** The registered failpoint handler of this process, if any. */
export const failpointHandler = (): ReachFailpoint =>
  (globalThis as { readonly [FAILPOINT_HANDLER]?: ReachFailpoint })[FAILPOINT_HANDLER] ?? noFailpoint
