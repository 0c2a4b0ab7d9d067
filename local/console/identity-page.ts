import type { ArchiveContainer } from '../../shared/archive/archive-container.ts'
import { readBlob } from '../../shared/archive/reader.ts'
import { type Instant, instant, tenantId } from '../../shared/domain/identifiers.ts'
import { shellWord } from '../../shared/encoding/shell-word.ts'
import { investigationHtml } from '../../shared/operations/investigate/investigation-html.ts'
import { readIdentity } from '../../shared/operations/investigate/read-identity.ts'

/** The page of one identity; `undefined` if the archive has none with this id. */
export type IdentityPage = (id: string) => Promise<string | undefined>

export interface IdentityPageOptions {
  readonly archive: ArchiveContainer
  readonly tenant: string
  /** The stack holds nothing from before. */
  readonly from: Instant
  readonly nowMs: () => number
}

const asTyped = (...words: readonly string[]): string =>
  ['node', 'dist/risk-export.mjs', ...words, '--local'].map(shellWord).join(' ')

/** Shows what `risk-export investigate --html` writes, as the archive is now. */
export const identityPage =
  ({ archive, tenant, from, nowMs }: IdentityPageOptions): IdentityPage =>
  async (id) => {
    const at = instant(nowMs())
    const to = instant(at + 1)
    const reading = await readIdentity(archive, { wanted: id, from, to }, () => undefined, readBlob)
    if (reading.status !== 'found') return undefined
    const { investigation, more } = reading
    return investigationHtml(investigation, {
      tenantId: tenantId(tenant),
      from,
      to,
      at,
      more,
      names: new Map(),
      asTyped,
    })
  }
