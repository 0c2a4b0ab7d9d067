const SOURCE = 'export const load = (address) => import(address)'

/**
 * Imports a file with Node's own loader, even if a test runner or bundler transforms this file's
 * imports: an app must be loaded as by the Functions worker. `address` is a `file:` URL.
 */
export async function nativeImport(address: string): Promise<void> {
  const module: { load(address: string): Promise<object> } = await import(
    `data:text/javascript,${encodeURIComponent(SOURCE)}`
  )
  await module.load(address)
}
