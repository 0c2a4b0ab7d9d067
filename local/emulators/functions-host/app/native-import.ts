const SOURCE = 'export const load = (address) => import(address)'

/**
 * Imports a file with Node's own loader, even where a test runner or bundler transforms the imports
 * of this file: a built app must be loaded as the Functions worker loads it. `address` is a `file:`
 * URL.
 */
export async function nativeImport(address: string): Promise<void> {
  const module: { load(address: string): Promise<object> } = await import(
    `data:text/javascript,${encodeURIComponent(SOURCE)}`
  )
  await module.load(address)
}
