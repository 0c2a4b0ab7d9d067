import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFunctionApp } from '../../local/emulators/functions-host/function-app.ts'
import { programSha256 } from '../../shared/composition/program-digest.ts'
import { VERSION } from '../../shared/domain/version.ts'

const run = promisify(execFile)
const SOURCE = ['functions', 'shared', 'cli', 'local', 'infra/package-app.mjs', 'host.json', 'tsconfig.json']
const TOOLS = ['package.json', 'package-lock.json', 'esbuild.config.mjs']
const ZIP = `dist/risk-export-${VERSION}.zip`
const FILES = `dist/risk-export-${VERSION}.files`

let folder: string
let here: string
let elsewhere: string

/** A copy of the checkout, built and packaged as `npm run package` does it. */
async function packaged(name: string, env: Readonly<Record<string, string>>, at: Date): Promise<string> {
  const copy = join(folder, name)
  await mkdir(copy)
  for (const path of [...SOURCE, ...TOOLS]) await cp(path, join(copy, path), { recursive: true })
  await symlink(resolve('node_modules'), join(copy, 'node_modules'), 'dir')
  await utimes(join(copy, 'functions/ingest.ts'), at, at)
  const options = { cwd: copy, env: { ...process.env, ...env } }
  await run(process.execPath, ['esbuild.config.mjs'], options)
  await run(process.execPath, ['infra/package-app.mjs'], options)
  return copy
}

const read = (copy: string, path: string): Promise<Buffer> => readFile(join(copy, path))
/** The package, unpacked into a folder of this name. */
async function unpacked(name: string): Promise<string> {
  const app = join(folder, name)
  for (const [path, bytes] of Object.entries(unzipSync(await read(here, ZIP)))) {
    await mkdir(dirname(join(app, path)), { recursive: true })
    await writeFile(join(app, path), bytes)
  }
  return app
}
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'risk-export-package-'))
  ;[here, elsewhere] = await Promise.all([
    packaged('a', { TZ: 'UTC' }, new Date('2026-01-01T00:00:00Z')),
    packaged('b', { TZ: 'Pacific/Auckland' }, new Date('2001-02-03T04:05:06Z')),
  ])
}, 120_000)
afterAll(() => rm(folder, { recursive: true }))

describe('the package that is deployed', () => {
  it('has the same bytes whenever and wherever it is made', async () => {
    expect(sha256(await read(elsewhere, ZIP))).toBe(sha256(await read(here, ZIP)))
    expect(await read(elsewhere, 'dist/SHA256SUMS')).toEqual(await read(here, 'dist/SHA256SUMS'))
  })

  it('comes with the checksums of a release, in the form that sha256sum checks', async () => {
    const line = async (name: string): Promise<string> =>
      `${sha256(await read(here, `dist/${name}`))}  ${name}\n`
    const zip = await line(`risk-export-${VERSION}.zip`)
    expect((await read(here, `${ZIP}.sha256`)).toString()).toBe(zip)
    const list = await line(`risk-export-${VERSION}.files`)
    const sums = [zip, list, await line('risk-export.mjs'), await line('sbom.cdx.json')]
    expect((await read(here, 'dist/SHA256SUMS')).toString()).toBe(sums.join(''))
  })

  it('holds the built functions and what the host reads, and nothing else', async () => {
    const names = Object.keys(unzipSync(await read(here, ZIP)))
    expect(names).toEqual(names.toSorted())
    expect(names.filter((name) => !/^dist\/(?:functions|chunks)\/[\w-]+\.js$/.test(name))).toEqual([
      'host.json',
      'package.json',
    ])
    expect(names.filter((name) => name.startsWith('dist/functions/'))).toEqual(['dist/functions/app.js'])
  })

  it('has a package.json that asks for no installation', async () => {
    const { 'package.json': json = new Uint8Array() } = unzipSync(await read(here, ZIP))
    expect(JSON.parse(Buffer.from(json).toString())).toEqual({
      name: 'entra-risk-export',
      version: VERSION,
      type: 'module',
      main: 'dist/functions/*.js',
    })
  })

  it('comes with the list of its files, whose hash the running program tells of itself', async () => {
    const app = await unpacked('listed')
    const root = pathToFileURL(`${app}/`)
    expect(await programSha256(root)).toBe(sha256(await read(here, FILES)))
    const { stdout } = await run('sha256sum', ['--check', '--quiet', join(here, FILES)], { cwd: app })
    expect(stdout).toBe('')
    // Whatever of it is changed, added or missing.
    const told = new Set([await programSha256(root)])
    await appendFile(join(app, 'host.json'), ' ')
    told.add(await programSha256(root))
    await writeFile(join(app, 'dist/functions/another.js'), '')
    told.add(await programSha256(root))
    await rm(join(app, 'dist/functions/app.js'))
    told.add(await programSha256(root))
    expect(told.size).toBe(4)
  })

  it('loads where there is no node_modules', async () => {
    const app = await unpacked('unpacked')
    const storage = 'UseDevelopmentStorage=true'
    const loaded = await loadFunctionApp({
      appDirectory: app,
      environment: {
        ENTRA_TENANT_ID: '7d3c9a52-6a0e-4c55-9d3f-0a1b2c3d4e5f',
        EVENT_HUB_NAME: 'entra-risk',
        EventHub__fullyQualifiedNamespace: 'evhns.servicebus.windows.net',
        AzureWebJobsStorage: storage,
        ARCHIVE_CONNECTION_STRING: storage,
      },
      log: () => undefined,
    })
    expect(loaded.functions.map(({ name }) => name).sort()).toEqual([
      'context',
      'health',
      'heartbeat',
      'ingest',
      'poison',
      'reconcile',
      'redeliver',
      'seal',
      'sweep',
    ])
    await loaded.terminate()
  })

  it('has a bill of materials that names every package of the lock file that is not for development alone', async () => {
    const bom: unknown = JSON.parse((await read(here, 'dist/sbom.cdx.json')).toString())
    const lock: { packages: Record<string, { version: string; dev?: boolean }> } = JSON.parse(
      await readFile('package-lock.json', 'utf8'),
    )
    const deployed = Object.entries(lock.packages)
      .filter(([path, { dev }]) => path !== '' && dev !== true)
      .map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`)
    const { components, metadata } = bom as {
      components: readonly { name: string; version: string }[]
      metadata: { component: { hashes: readonly { content: string }[] } }
    }
    const listed = components.map(({ name, version }) => `${name}@${version}`)
    expect([...listed].sort()).toEqual([...new Set(deployed)].sort())
    const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(
      await readFile('package.json', 'utf8'),
    )
    for (const [name, version] of Object.entries(dependencies)) expect(listed).toContain(`${name}@${version}`)
    expect(listed.filter((name) => /^(?:esbuild|azurite|vitest)@/.test(name))).toEqual([])
    expect(metadata.component.hashes[0]?.content).toBe(sha256(await read(here, ZIP)))
  })
})
