import type { InvocationContext } from '@azure/functions'

/** What a test wants a function of the test app to do; without it the function does nothing. */
export type Handler = (input: unknown, context: InvocationContext) => unknown

/**
 * The handlers by function name, and of the app's hooks; shared by the bundled app and the test in
 * one process.
 */
export interface Handlers {
  held?: Handler
  lossy?: Handler
  work?: Handler
  workPoison?: Handler
  tick?: Handler
  hourly?: Handler
  guarded?: Handler
  open?: Handler
  appStart?: () => void
  appTerminate?: () => Promise<void>
  log?: (message: string) => string
  preInvocation?: (functionName: string) => void
  postInvocation?: (functionName: string, error: unknown) => void
}

const KEY = Symbol.for('function-host-app.handlers')
const shared = globalThis as unknown as { [KEY]?: Handlers }

/** The handlers as they are now. */
export function handlers(): Handlers {
  shared[KEY] ??= {}
  return shared[KEY]
}

/** Makes all functions of the test app do nothing again. */
export function resetHandlers(): void {
  shared[KEY] = {}
}
