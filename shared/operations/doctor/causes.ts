import type { Finding } from './diagnose.ts'

/** A cause with all checks it affects, or a check that found nothing wrong. */
export interface Cause {
  /** `skip`: checks that could not run because of a cause reported elsewhere. */
  readonly level: Finding['level'] | 'skip'
  readonly area: string
  /** The checks. */
  readonly names: readonly string[]
  readonly says: string
  readonly fix?: string
}

const AREA_OF_TOKENS = 'identity'

/**
 * Same area, same problem: one cause. Problems fixed by different settings are different causes.
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

/** Groups findings by cause: each is reported once, however many checks it affects. */
export function causesOf(findings: readonly Finding[]): readonly Cause[] {
  // If the identity has a token for one service and not for another, each missing one is a failure.
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
