import type { ContextSections } from '../../domain/identity-context.ts'

const NEEDS = /^needs (.+)$/
/** Between the reasons of a section that was read in several parts. */
const REASONS = /, (?=needs )/

/** The permissions and licences that sections lack, as they say it: `needs Application.Read.All`. */
export function lackingIn(sections: ContextSections): readonly string[] {
  const reasons = Object.values(sections).flatMap((section): readonly string[] => {
    if (typeof section !== 'object' || section === null) return []
    if ('unknown' in section) return [section.unknown]
    return 'coverage' in section && section.coverage === 'unknown' ? [section.reason ?? ''] : []
  })
  return [
    ...new Set(
      reasons.flatMap((reason) => reason.split(REASONS)).flatMap((one) => NEEDS.exec(one)?.[1] ?? []),
    ),
  ].sort()
}
