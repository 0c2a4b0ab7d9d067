import type { HostLog, LogLevel } from '../host-log.ts'
import type { CoreFunctionMetadata, FunctionCallback, ProgrammingModel } from './core-types.ts'
import { createHooks, type HookCallback, type Hooks } from './hooks.ts'

/** A function as registered by the app. */
export interface RegisteredFunction {
  readonly metadata: CoreFunctionMetadata
  readonly callback: FunctionCallback
}

/** What an app has registered through `@azure/functions-core`. */
export interface AppCore {
  /** The module returned for `require('@azure/functions-core')`. */
  readonly module: object
  readonly functions: ReadonlyMap<string, RegisteredFunction>
  readonly hooks: Hooks
  programmingModel(): ProgrammingModel | undefined
  /** Ends the app's startup: nothing can be registered afterwards. */
  lock(): void
}

/** Versions reported to the library; the sources that this host follows. */
const WORKER_VERSION = '3.10.1'
const HOST_VERSION = '4.1037.0'

class Disposable {
  readonly dispose: () => void
  constructor(dispose: () => void) {
    this.dispose = dispose
  }
  static from(...parts: readonly Disposable[]): Disposable {
    return new Disposable(() => {
      for (const part of parts) part.dispose()
    })
  }
}

/** Creates the module that the Functions worker would provide, for one app. */
export function createAppCore(log: HostLog): AppCore {
  const functions = new Map<string, RegisteredFunction>()
  const hooks = createHooks()
  let model: ProgrammingModel | undefined
  let locked = false
  const module = {
    version: WORKER_VERSION,
    hostVersion: HOST_VERSION,
    Disposable,
    registerFunction(metadata: CoreFunctionMetadata, callback: FunctionCallback): Disposable {
      if (locked) throw new Error('A function can only be registered while the app starts.')
      if (functions.has(metadata.name))
        throw new Error(`The function "${metadata.name}" is registered twice.`)
      functions.set(metadata.name, { metadata, callback })
      return new Disposable(() => functions.delete(metadata.name))
    },
    registerHook: (name: string, callback: HookCallback): Disposable =>
      new Disposable(hooks.add(name, callback)),
    setProgrammingModel: (chosen: ProgrammingModel): void => {
      model = chosen
    },
    getProgrammingModel: (): ProgrammingModel | undefined => model,
    log: (level: LogLevel, category: 'user' | 'system', message: string): void =>
      log({ level, category, message }),
  }
  return {
    module,
    functions,
    hooks,
    programmingModel: () => model,
    lock: () => {
      locked = true
    },
  }
}
