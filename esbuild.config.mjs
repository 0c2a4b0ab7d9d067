// Builds what is deployed (dist/functions), the operators' command (dist/risk-export.mjs) and the embedded stack (dist/local).
import { createHash } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { build } from 'esbuild'

// Bundled CommonJS modules call `require`; a plain name would collide with theirs.
const banner = {
  js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
}

/**
 * An ES import of `node:http` reads every export, and with one of them Node 22 and 24 load their
 * whole `fetch`: 50 ms of a cold start. `require` reads none.
 */
const httpByRequire = {
  name: 'http-by-require',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:node:)?http$/ }, ({ kind }) =>
      kind === 'require-call'
        ? { path: 'node:http', external: true }
        : { path: 'http', namespace: 'required' },
    )
    onLoad({ filter: /^http$/, namespace: 'required' }, () => ({
      contents: "module.exports = require('node:http')",
    }))
  },
}

/**
 * The SDKs look whether a request is a form wherever there are forms; none is, and the look alone
 * loads Node's `fetch`.
 */
const NO_FORMS = { FormData: 'undefined' }

const common = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  banner,
  legalComments: 'none',
  logLevel: 'warning',
}

await rm('dist', { recursive: true, force: true })

await Promise.all([
  build({
    ...common,
    // One file for all of them: each file more takes a millisecond of every cold start.
    stdin: {
      contents: (await readdir('functions'))
        .toSorted()
        .map((file) => `import './functions/${file}'`)
        .join('\n'),
      resolveDir: '.',
    },
    outdir: 'dist',
    entryNames: 'functions/app',
    splitting: true,
    minify: true,
    sourcemap: false,
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [httpByRequire],
    define: NO_FORMS,
    // The Functions worker supplies this module.
    external: ['@azure/functions-core'],
  }),
  build({
    ...common,
    entryPoints: ['cli/risk-export.ts'],
    outfile: 'dist/risk-export.mjs',
    banner: { js: `#!/usr/bin/env node\n${banner.js}` },
    minify: true,
    plugins: [httpByRequire],
    define: NO_FORMS,
    external: ['@azure/functions-core'],
  }),
  build({
    ...common,
    entryPoints: [
      'local/start.ts',
      'local/host.ts',
      'local/bench.ts',
      'local/chaos.ts',
      'local/load.ts',
      'local/checks/bench/floors.ts',
      'local/checks/bench/handler.ts',
      'local/checks/bench/lean-storage.ts',
      'local/checks/bench/receivers.ts',
      'local/checks/load/host-memory.ts',
    ],
    outdir: 'dist/local',
    outbase: 'local',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    packages: 'external',
    loader: { '.html': 'text', '.css': 'text', '.client.js': 'text' },
  }),
])

const command = await readFile('dist/risk-export.mjs')
await writeFile(
  'dist/risk-export.mjs.sha256',
  `${createHash('sha256').update(command).digest('hex')}  risk-export.mjs\n`,
)
