import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Sources } from './sources.ts'

interface Finding {
  readonly msg: string
  readonly line?: number
  readonly warn?: boolean
}
interface Checker {
  readonly cache: Map<string, unknown>
  check(file: string): readonly Finding[]
}
interface CheckModule {
  readonly Checker: new (types: unknown, parse: Parse, options: object) => Checker
}
type Parse = (text: string, path: string) => unknown

/** Checks Bicep against Azure's own resource types; stands beside a checkout, not in it. */
export type TypeCheck = (sources: Sources, changed: string) => readonly string[]

const FOLDER = '../shared/tools/bicep-check'
const ALLOWED = [
  'microsoft.insights/datacollectionrules.kind=Direct',
  'microsoft.insights/datacollectionrules.properties.dataflows[].streams[]=Custom-*',
  'microsoft.aadiam/diagnosticsettings.properties.logs[].category=*',
]

/** The checker, or `undefined` where it is not at hand. */
export async function typeCheckAtHand(): Promise<TypeCheck | undefined> {
  if (!existsSync(`${FOLDER}/check.mjs`)) return undefined
  const load = (name: string): Promise<unknown> => import(pathToFileURL(resolve(FOLDER, name)).href)
  const { Checker } = (await load('check.mjs')) as CheckModule
  const { parse } = (await load('rd-front.mjs')) as { readonly parse: Parse }
  const { readFileSync } = await import('node:fs')
  const types: unknown = JSON.parse(readFileSync(`${FOLDER}/types.extract.json`, 'utf8'))
  const parsed = new Map<string, unknown>()
  const parseOnce = (text: string, path: string): unknown => {
    const kept = parsed.get(path + text) ?? parse(text, path)
    parsed.set(path + text, kept)
    return kept
  }
  return (sources, changed) => {
    const checker = new Checker(types, parse, { strict: true, allow: ALLOWED })
    for (const path of sources.bicepPaths)
      checker.cache.set(resolve(path), parseOnce(sources.text(path), path))
    return [...new Set([changed, 'infra/main.bicep'])].flatMap((path) =>
      checker
        .check(resolve(path))
        .filter((f) => f.warn !== true)
        .map((f) => `${path}:${(f.line ?? 0) + 1} ${f.msg}`),
    )
  }
}
