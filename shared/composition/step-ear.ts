import { noStep, type OnStep } from '../delivery/failpoint.ts'

/** Under this name the embedded function host may leave word that it wants to hear of durable steps. Nobody does so in Azure. */
export const STEP_EAR: unique symbol = Symbol.for('entra-risk-export.onStep')

/** Whoever wants to hear of durable steps in this process. */
export const stepEar = (): OnStep => (globalThis as { readonly [STEP_EAR]?: OnStep })[STEP_EAR] ?? noStep
