import type { LogLevel } from '../host-log.ts'
import type { AppValue } from './app-value.ts'
import type { FunctionCallback } from './core-types.ts'

const HOOK_NAMES = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const
export type HookName = (typeof HOOK_NAMES)[number]

/** A hook's argument; hooks may replace the members that are not read-only. */
export interface HookContext {
  readonly hookData: object
  readonly appHookData: object
  readonly invocationContext?: object
  inputs?: AppValue[]
  functionCallback?: FunctionCallback
  result?: AppValue
  error?: AppValue
  level?: LogLevel
  message?: string
  readonly category?: 'user' | 'system'
}

export type HookCallback = (context: HookContext) => void | Promise<void>

/** The hooks of one app. */
export interface Hooks {
  /** Shared by all hooks of the app. */
  readonly appHookData: object
  /**
   * Adds a callback and returns the function that removes it; throws a RangeError for an unknown
   * hook name.
   */
  add(name: string, callback: HookCallback): () => void
  /** Runs the callbacks sequentially, in the order of registration. */
  run(name: HookName, context: HookContext): Promise<void>
  /** The same for `log`, without awaiting the callbacks. */
  runNow(name: 'log', context: HookContext): void
}

export function createHooks(): Hooks {
  const callbacks = new Map<string, readonly HookCallback[]>(HOOK_NAMES.map((name) => [name, []]))
  const of = (name: HookName): readonly HookCallback[] => callbacks.get(name) ?? []
  return {
    appHookData: {},
    add(name, callback) {
      const present = callbacks.get(name)
      if (present === undefined) throw unknownHook(name)
      callbacks.set(name, [...present, callback])
      return () => {
        callbacks.set(
          name,
          (callbacks.get(name) ?? []).filter((other) => other !== callback),
        )
      }
    },
    async run(name, context) {
      for (const callback of of(name)) await callback(context)
    },
    runNow(name, context) {
      for (const callback of of(name)) void callback(context)
    },
  }
}

/** The library recognises a host without log hooks by this property. */
function unknownHook(name: string): RangeError {
  return Object.assign(new RangeError(`Unrecognized hook "${name}".`), { isAzureFunctionsSystemError: true })
}
