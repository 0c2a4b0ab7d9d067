import type { Instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { kqlText } from '../../encoding/kql-text.ts'
import type { Hunt } from './hunts.ts'

/** Whom and when a hunt is about. */
export interface HuntSubject {
  readonly id: string
  readonly appId: string | undefined
  readonly keyIds: readonly string[]
  readonly began: Instant
}

/** More than any identity has. */
const MAX_KEY_IDS = 100
/** No application has it: an empty text would match every row. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

const listOf = (ids: readonly string[]): string =>
  ids.length === 0 ? 'dynamic([])' : `pack_array(${ids.slice(0, MAX_KEY_IDS).map(kqlText).join(', ')})`

/** The query of a hunt, ready to be pasted; ids come from records, and are quoted. */
export function huntQuery({ kql }: Hunt, { id, appId, keyIds, began }: HuntSubject): string {
  const values: readonly (readonly [name: string, value: string])[] = [
    ['spId', kqlText(id)],
    ['appId', kqlText(appId ?? NOBODY)],
    ['keyIds', listOf(keyIds)],
    ['t0', `datetime(${isoInstant(began)})`],
  ]
  const used = values.filter(([name]) => new RegExp(`\\b${name}\\b`).test(kql))
  return [...used.map(([name, value]) => `let ${name} = ${value};`), kql].join('\n')
}
