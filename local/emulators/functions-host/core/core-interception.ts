import { Module } from 'node:module'

const CORE_MODULE = '@azure/functions-core'

/** The app now loading; the library asks once per copy, while the app registers functions. */
let loading: object | undefined
let lastLoad: Promise<void> = Promise.resolve()
let installed = false

/**
 * Runs `load` with `require('@azure/functions-core')` returning `core`, in CommonJS and through
 * `createRequire`; concurrent loads are serialized. The Functions worker provides the module in the
 * same way: it is on no registry.
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

/** Installed once per process and never removed; lets every other module through. */
function install(): void {
  if (installed) return
  installed = true
  // oxlint-disable-next-line typescript/unbound-method -- the proxy calls it on the module
  Module.prototype.require = new Proxy(Module.prototype.require, {
    apply: (require, self, args: [string]) =>
      args[0] === CORE_MODULE && loading !== undefined ? loading : Reflect.apply(require, self, args),
  })
}
