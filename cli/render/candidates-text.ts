import type { Instant } from '../../shared/domain/identifiers.ts'
import type { Candidate } from '../../shared/operations/investigate/candidates.ts'
import type { IdentityReading } from '../../shared/operations/investigate/read-identity.ts'
import { timeText } from '../../shared/operations/investigate/told.ts'
import { plain } from '../text/plain.ts'
import type { Suggest } from '../text/suggest.ts'
import { table } from '../text/table.ts'

const rows = (candidates: readonly Candidate[]): readonly string[] =>
  table([
    ['  IDENTITY', 'OBJECT ID', 'APPLICATION ID', 'LAST UPDATED'],
    ...candidates.map(({ identity, lastUpdatedAt }) => [
      `  ${plain(identity.displayName ?? '-')}`,
      plain(identity.id),
      plain(identity.appId ?? '-'),
      timeText(lastUpdatedAt),
    ]),
  ])

/** Several identities that fit, or some that are like what was asked for. */
export function candidatesText(
  wanted: string,
  { status, candidates, blobs }: Exclude<IdentityReading, { readonly status: 'found' }>,
  { from, to }: { readonly from: Instant; readonly to: Instant },
  suggest: Suggest,
): string {
  if (status === 'ambiguous')
    return [
      `${candidates.length} identities fit ${JSON.stringify(plain(wanted))}. Use an object id:`,
      ...rows(candidates),
      '',
    ].join('\n')
  const nothing = `No identity ${JSON.stringify(plain(wanted))} in records of ${timeText(from)} to ${timeText(to)}, ${blobs} archive blobs.`
  return candidates.length === 0
    ? `${nothing}\nUse --since for a longer time range, or ${suggest('report', 'risky')} to see which there are.\n`
    : [nothing, 'Did you mean one of these?', ...rows(candidates), ''].join('\n')
}
