import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

/** Which parts of the test app to build; each is one entry file under `dist/functions/`. */
export type AppPart = 'event-hub' | 'queue' | 'timer' | 'http'

const HOST_JSON = {
  version: '2.0',
  extensions: {
    eventHubs: { maxEventBatchSize: 10 },
    queues: { maxDequeueCount: 2, visibilityTimeout: '00:00:00', batchSize: 4 },
  },
}

/**
 * Bundles the test app as the real one is (ESM, split, `@azure/functions-core` left open) and gives
 * its folder.
 */
export async function buildFunctionApp(parts: readonly AppPart[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'function-host-app-'))
  await mkdir(join(directory, 'dist'))
  await writeFile(
    join(directory, 'package.json'),
    JSON.stringify({ name: 'app', type: 'module', main: 'dist/functions/*.js' }),
  )
  await writeFile(join(directory, 'host.json'), JSON.stringify(HOST_JSON))
  await build({
    entryPoints: parts.map((part) => join(import.meta.dirname, 'function-host-app', `${part}.ts`)),
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    outdir: join(directory, 'dist', 'functions'),
    chunkNames: '../chunks/[name]-[hash]',
    external: ['@azure/functions-core'],
    banner: {
      js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
    },
  })
  return directory
}
