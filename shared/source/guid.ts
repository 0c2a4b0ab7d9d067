const PLAIN_LENGTH = 36
const HYPHENS: ReadonlySet<number> = new Set([8, 13, 18, 23])

/** For each index in a canonical GUID and each ASCII code: 1 if that character is allowed there. */
const ALLOWED = Uint8Array.from({ length: PLAIN_LENGTH * 128 }, (_, i) => {
  const character = String.fromCharCode(i % 128)
  const isHyphen = HYPHENS.has(Math.floor(i / 128))
  return (isHyphen ? character === '-' : /[0-9a-f]/.test(character)) ? 1 : 0
})

/** Whether a canonical GUID (lower case, hyphens) starts at `at`, as almost every id is. */
export function isPlainGuid(bytes: Buffer, at: number): boolean {
  for (let i = 0; i < PLAIN_LENGTH; i += 1) {
    const code = bytes[at + i] ?? 128
    if (code > 127 || ALLOWED[i * 128 + code] !== 1) return false
  }
  return true
}

const DECORATED =
  /^(?:urn:uuid:)?[{("']?([0-9a-f]{8})(-?)([0-9a-f]{4})\2([0-9a-f]{4})\2([0-9a-f]{4})\2([0-9a-f]{12})[})"']?$/i
/** Form `X` of .NET: `{0x00000000,0x0000,0x0000,{0x00,…}}`. */
const IN_PARTS =
  /^\{0x([0-9a-f]{8}),0x([0-9a-f]{4}),0x([0-9a-f]{4}),\{0x([0-9a-f]{2}),0x([0-9a-f]{2})((?:,0x[0-9a-f]{2}){6})\}\}$/i
const WITHIN = /(?:^|[^0-9a-f-])([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-f-])/i

/** The longest form that `DECORATED` matches. */
const LONGEST = 47

/**
 * Trims an id, and normalises a GUID in any form (capitals, braces, no hyphens) to lower case with
 * hyphens. Any other id is unchanged.
 */
export function normaliseId(id: string): string {
  const trimmed = id.trim()
  const inParts = trimmed.startsWith('{0') ? IN_PARTS.exec(trimmed) : null
  if (inParts !== null) {
    const node = inParts[6]?.replaceAll(/,0x/gi, '')
    return `${inParts[1]}-${inParts[2]}-${inParts[3]}-${inParts[4]}${inParts[5]}-${node}`.toLowerCase()
  }
  const parts = trimmed.length > LONGEST ? null : DECORATED.exec(trimmed)
  if (parts === null) return trimmed
  return `${parts[1]}-${parts[3]}-${parts[4]}-${parts[5]}-${parts[6]}`.toLowerCase()
}

/** The first GUID in text such as a resource id, in lower case. */
export const guidWithin = (text: string): string | undefined => WITHIN.exec(text)?.[1]?.toLowerCase()
