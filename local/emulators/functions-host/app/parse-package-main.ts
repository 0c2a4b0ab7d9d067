/**
 * The `main` glob of an app's package.json: the files that hold its functions.
 * Throws if the file is not JSON or has no `main`.
 */
export function parsePackageMain(text: string, path: string): string {
  const parsed: unknown = JSON.parse(text)
  if (typeof parsed === 'object' && parsed !== null && 'main' in parsed && typeof parsed.main === 'string') {
    return parsed.main
  }
  throw new Error(`${path} has no "main". Set it to the built functions, such as "dist/functions/*.js".`)
}
