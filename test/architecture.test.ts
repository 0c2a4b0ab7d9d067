import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

/**
 * Rooms, and the rooms that each may import from beside itself. The innermost room of a file
 * counts.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  functions: ['shared/app.ts'],
  cli: ['shared'],
  local: ['shared', 'functions', 'local'],
  // See MAY_IMPORT_TYPES.
  'local/emulators': [],
  // What verifies runs shares no code with what it verifies.
  'local/checks/verify': [],
  'shared/app.ts': ['shared'],
  'shared/composition': ['shared'],
  'shared/operations': [
    'shared/config',
    'shared/graph',
    'shared/pipeline',
    'shared/source',
    'shared/archive',
    'shared/evidence',
    'shared/delivery',
    'shared/telemetry',
    'shared/azure',
    'shared/encoding',
    'shared/domain',
  ],
  'shared/pipeline': [
    'shared/source',
    'shared/archive',
    'shared/delivery',
    'shared/telemetry',
    'shared/azure',
    'shared/encoding',
    'shared/domain',
  ],
  'shared/source': ['shared/domain', 'shared/encoding'],
  'shared/archive': ['shared/azure', 'shared/domain', 'shared/encoding'],
  'shared/evidence': ['shared/archive', 'shared/azure', 'shared/domain', 'shared/encoding', 'shared/source'],
  'shared/delivery': ['shared/azure', 'shared/domain', 'shared/encoding'],
  'shared/sinks': ['shared/sinks/http', 'shared/delivery', 'shared/domain', 'shared/encoding'],
  'shared/sinks/http': ['shared/domain', 'shared/encoding'],
  'shared/graph': ['shared/azure', 'shared/domain', 'shared/encoding'],
  'shared/telemetry': ['shared/domain'],
  'shared/config': ['shared/domain'],
  'shared/encoding': [],
  'shared/azure': ['shared/domain'],
  'shared/domain': ['shared/encoding'],
}

/** Files that a room may import with `import type` only: types of what goes over the wire. */
const MAY_IMPORT_TYPES: Readonly<Record<string, readonly string[]>> = {
  'local/emulators': ['shared/sinks/log-analytics/tables.ts'],
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
  'integrations',
  'LICENSE',
  'SECURITY.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
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

/** The imports of a file with this text that its room may not make. */
function forbiddenImports(file: string, text: string): readonly string[] {
  const room = roomOf(file) ?? ''
  const imports = text.matchAll(/(?:(import type [^']*?from)|from|import\(|import)\s*'(\.[^']+)'/g)
  return [...imports].flatMap(([, ofTypes, specifier = '']) => {
    const target = normalize(join(dirname(file), specifier))
    const inside = roomOf(target) === room && !isOtherSink(file, target)
    const isType = ofTypes !== undefined && (MAY_IMPORT_TYPES[room] ?? []).includes(target)
    return inside || isType || isAllowed(room, target) ? [] : [target]
  })
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '')

/** Name of the innermost named function that a place in a text stands in. */
function functionAround(text: string, place: number): string | undefined {
  const before = text.slice(0, place)
  const names = [
    ...before.matchAll(
      /(?:\bfunction\*? (\w+)|\bconst (\w+)(?:: [^=\n]+)? = (?:async )?(?:<[^>]*>)?\(|^ {2}(?:static |async )*(#?\w+)\([^)]*\)[^;=]*\{$)/gm,
    ),
  ]
  return names
    .at(-1)
    ?.slice(1)
    .find((name) => name !== undefined)
}

describe('the house', () => {
  it('has sources', () => {
    expect(sources.length).toBeGreaterThan(100)
  })

  it.each(sources)('%s imports only downwards', (file) => {
    expect(roomOf(file), 'belongs to a room').toBeDefined()
    expect(forbiddenImports(file, readFileSync(file, 'utf8'))).toEqual([])
  })

  it.each([
    ["import { isJsonObject } from '../../../shared/encoding/json.ts'", ['shared/encoding/json.ts']],
    ["import type { Json } from '../../../shared/encoding/json.ts'", ['shared/encoding/json.ts']],
    ["import '../../../shared/app.ts'", ['shared/app.ts']],
    ["const app = await import('../../../shared/app.ts')", ['shared/app.ts']],
    ["import { seed } from '../../stack/seed.ts'", ['local/stack/seed.ts']],
    [
      "import { type TableDeclaration, tableDeclarations } from '../../../shared/sinks/log-analytics/tables.ts'",
      ['shared/sinks/log-analytics/tables.ts'],
    ],
    ["import type { TableDeclaration } from '../../../shared/sinks/log-analytics/tables.ts'", []],
    ["import { isJsonObject } from '../json.ts'", []],
  ])('lets an emulator import nothing of ours but types of the wire: %s', (line, forbidden) => {
    expect(forbiddenImports('local/emulators/siem/planted.ts', `${line}\n`)).toEqual(forbidden)
  })

  it.each(sources.filter((f) => f.startsWith('shared/') || f.startsWith('functions/')))(
    '%s takes clock, randomness and environment as parameters',
    (file) => {
      if (file === 'shared/app.ts' || file === 'shared/composition/system-time.ts') return
      expect(withoutComments(readFileSync(file, 'utf8')).match(WORLD)?.[0]).toBeUndefined()
    },
  )

  it.each(sources)('%s parses JSON in functions named so', (file) => {
    const text = withoutComments(readFileSync(file, 'utf8'))
    for (const { index } of text.matchAll(/\bJSON\.parse\(/g))
      expect(functionAround(text, index), file).toMatch(/^#?parse/)
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
