import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { onTestFinished } from 'vitest'

/**
 * Bundles a script of this folder for a process of its own, in a folder that is gone with the test.
 * @returns path of the bundle
 */
export async function bundledScript(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bundled-script-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await symlink(resolve('node_modules'), join(folder, 'node_modules'), 'dir')
  const outfile = join(folder, `${name}.mjs`)
  await build({
    entryPoints: [`test/support/${name}.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  })
  return outfile
}
