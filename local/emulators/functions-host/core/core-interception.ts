import { Module } from 'node:module'

const CORE_MODULE = '@azure/functions-core'

/**
 * The app that is loading now; the library asks once per copy, while the app registers its
 * functions.
 */
let loading: object | undefined
let lastLoad: Promise<void> = Promise.resolve()
let installed = false

/**
 * Runs `load` while `require('@azure/functions-core')` gives `core`, in CommonJS and through
 * `createRequire`; loads wait for each other. The Functions worker supplies the module in the same
 * way: it exists on no registry.
 */
export async function withFunctionsCore(core: object, load: () => Promise<void>): Promise<void> {
  install()
  const turn = lastLoad.then(async () => {
    loading = core
    try {
      await load()
    } finally {
      loading = undefined
    }
  })
  lastLoad = turn.catch(() => undefined)
  return turn
}

/** Once per process: the proxy stays and lets everything else through, so hosts may come and go. */
function install(): void {
  if (installed) return
  installed = true
  // oxlint-disable-next-line typescript/unbound-method -- the proxy calls it on the module
  Module.prototype.require = new Proxy(Module.prototype.require, {
    apply: (require, self, args: [string]) =>
      args[0] === CORE_MODULE && loading !== undefined ? loading : Reflect.apply(require, self, args),
  })
}
