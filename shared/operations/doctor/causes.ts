import type { Finding } from './diagnose.ts'

/** One cause, and all checks that it has spoiled; or one check that found nothing wrong. */
export interface Cause {
  /** `skip`: checks that could not be made, for a cause that is told by itself. */
  readonly level: Finding['level'] | 'skip'
  readonly area: string
  /** The checks. */
  readonly names: readonly string[]
  readonly says: string
  readonly fix?: string
}

const AREA_OF_TOKENS = 'identity'

/**
 * The same trouble in the same area, whatever it has hit; what is settled by different settings is
 * not the same.
 */
const keyOf = ({ area, level, says, fix, fixOn }: Finding): string =>
  JSON.stringify([area, level, says, fixOn === undefined ? fix : fix?.replace(fixOn, '')])

function together(findings: readonly [Finding, ...Finding[]]): Cause {
  const [first] = findings
  const places = [...new Set(findings.flatMap(({ fixOn }) => fixOn ?? []))]
  const listed =
    places.length < 2 ? places[0] : `${places.slice(0, -1).join(', the ')} and the ${places.at(-1)}`
  const fix =
    first.fix === undefined || first.fixOn === undefined
      ? first.fix
      : first.fix.replace(first.fixOn, listed ?? first.fixOn)
  return {
    level: first.level,
    area: first.area,
    names: findings.map(({ name }) => name),
    says: first.says,
    ...(fix === undefined ? {} : { fix }),
  }
}

/** Findings by their cause: each is told once, however many checks it has spoiled. */
export function causesOf(findings: readonly Finding[]): readonly Cause[] {
  // Where an identity has a token for one service and none for another, each that lacks it is a
  // failure of its own.
  const isToldByIdentity = findings.some(({ area, level }) => area === AREA_OF_TOKENS && level === 'fail')
  const spoiled = findings.filter(({ lacks }) => isToldByIdentity && lacks === 'token')
  const groups = new Map<string, [Finding, ...Finding[]]>()
  for (const finding of findings) {
    if (spoiled.includes(finding)) continue
    const isAlone = finding.level === 'ok' || finding.area === 'settings'
    const key = isAlone ? `${finding.area} ${finding.name} ${groups.size}` : keyOf(finding)
    const own = groups.get(key)
    if (own === undefined) groups.set(key, [finding])
    else own.push(finding)
  }
  const causes = [...groups.values()].map(together)
  return spoiled.length === 0
    ? causes
    : [
        ...causes,
        {
          level: 'skip',
          area: AREA_OF_TOKENS,
          names: spoiled.map(({ area, name }) => `${area}: ${name}`),
          says: 'Skipped: there is no token.',
        },
      ]
}
