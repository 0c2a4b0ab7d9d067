import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Rooms, and the rooms that each may import from beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  functions: ['shared/app.ts'],
  cli: ['shared'],
  local: ['shared', 'functions', 'local/verify'],
  // What verifies runs shares no code with what it verifies.
  'local/verify': [],
  'shared/app.ts': ['shared'],
  'shared/composition': ['shared'],
  'shared/pipeline': [
    'shared/source',
    'shared/archive',
    'shared/delivery',
    'shared/domain',
    'shared/telemetry',
  ],
  'shared/source': ['shared/domain'],
  'shared/archive': ['shared/azure', 'shared/domain'],
  'shared/evidence': ['shared/archive', 'shared/domain'],
  'shared/azure': ['shared/domain'],
  'shared/delivery': ['shared/azure', 'shared/domain'],
  'shared/sinks': ['shared/delivery', 'shared/domain'],
  'shared/graph': ['shared/domain'],
  'shared/telemetry': ['shared/domain'],
  'shared/config': ['shared/domain'],
  'shared/domain': [],
}

/** What only the composition root may touch. */
const WORLD =
  /\bDate\.now\(|\bperformance\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.env\b|\bsetTimeout\(|\bsetInterval\(|\bconsole\./
const MAX_LINES = 250
const TOP_LEVEL = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'host.json',
  'local.settings.sample.json',
  'functions',
  'shared',
  'infra',
  'test',
  'README.md',
  'cli',
  'local',
  'docs',
  'LICENSE',
  'SECURITY.md',
  'CHANGELOG.md',
  'azure.yaml',
  'biome.json',
  'knip.json',
  'esbuild.config.mjs',
  'vitest.config.ts',
]
const NOT_OURS = ['node_modules', 'dist', 'coverage', 'reports', 'local.settings.json']

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file))

const sources = ['functions', 'shared', 'cli', 'local'].flatMap(filesIn)
const roomOf = (path: string): string | undefined =>
  Object.keys(MAY_IMPORT)
    .filter((room) => path === room || path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0]

const isAllowed = (from: string, to: string): boolean =>
  (MAY_IMPORT[from] ?? []).some((room) => to === room || to.startsWith(`${room}/`))

const importsOf = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, specifier = '']) =>
    normalize(join(dirname(file), specifier)),
  )

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '')

describe('the house', () => {
  it('has sources', () => {
    expect(sources.length).toBeGreaterThan(100)
  })

  it.each(sources)('%s imports only downwards', (file) => {
    const room = roomOf(file)
    expect(room, 'belongs to a room').toBeDefined()
    for (const target of importsOf(file)) {
      const targetRoom = roomOf(target)
      const inside = targetRoom === room && !isOtherSink(file, target)
      expect(inside || isAllowed(room ?? '', target), `${file} → ${target}`).toBe(true)
    }
  })

  it.each(sources.filter((f) => f.startsWith('shared/') || f.startsWith('functions/')))(
    '%s takes clock, randomness and environment as parameters',
    (file) => {
      if (file === 'shared/app.ts' || file === 'shared/composition/system-time.ts') return
      expect(withoutComments(readFileSync(file, 'utf8')).match(WORLD)?.[0]).toBeUndefined()
    },
  )

  it.each(sources)('%s parses JSON and takes the unknown only if it is named so', (file) => {
    if (file.split('/').at(-1)?.startsWith('parse-') === true) return
    expect(withoutComments(readFileSync(file, 'utf8')).match(/\bJSON\.parse\(/)?.[0]).toBeUndefined()
  })

  it.each(sources)('%s is small and exports by name', (file) => {
    const text = readFileSync(file, 'utf8')
    expect(text.split('\n').length).toBeLessThanOrEqual(MAX_LINES)
    expect(text).not.toMatch(/^export default/m)
    expect(text).not.toMatch(/^export \*/m)
  })

  it('has functions of at most 30 lines that hold no logic', () => {
    for (const file of filesIn('functions')) {
      const text = readFileSync(file, 'utf8')
      expect(text.split('\n').length, file).toBeLessThanOrEqual(30)
      expect(text, file).not.toMatch(/\btry\b|\bif \(/)
    }
  })

  it('has files whose median is under 60 lines', () => {
    const lengths = sources.map((f) => readFileSync(f, 'utf8').split('\n').length).sort((a, b) => a - b)
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(60)
  })

  it('has nothing at its top level but what belongs there', () => {
    const found = readdirSync('.').filter((name) => !name.startsWith('.') && !NOT_OURS.includes(name))
    expect(found.filter((name) => !TOP_LEVEL.includes(name))).toEqual([])
  })
})

/** Sinks do not know each other. */
function isOtherSink(file: string, target: string): boolean {
  const sinkOf = (path: string): string | undefined => /^shared\/sinks\/([^/]+)\//.exec(path)?.[1]
  return sinkOf(file) !== sinkOf(target)
}
