import type { LogLevel } from '../host-log.ts'
import type { AppValue } from './app-value.ts'
import type { FunctionCallback } from './core-types.ts'

const HOOK_NAMES = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const
export type HookName = (typeof HOOK_NAMES)[number]

/** What a hook is given; it may replace the parts that are not read-only here. */
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
   * Adds a callback and gives back how to take it out again; throws a RangeError for a name that
   * does not exist.
   */
  add(name: string, callback: HookCallback): () => void
  /** Runs the callbacks one after the other, in the order they were added. */
  run(name: HookName, context: HookContext): Promise<void>
  /** The same for `log`, whose callbacks are not waited for. */
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

/** The library tells a host that is too old for log hooks by this mark. */
function unknownHook(name: string): RangeError {
  return Object.assign(new RangeError(`Unrecognized hook "${name}".`), { isAzureFunctionsSystemError: true })
}
