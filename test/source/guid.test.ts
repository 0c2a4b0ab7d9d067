import { describe, expect, it } from 'vitest'
import { guidWithin, normaliseId } from '../../shared/source/guid.ts'

const GUID = '1a111111-2b22-4c33-8d44-5e55aaaabbbb'
const IN_PARTS = '{0x1a111111,0x2b22,0x4c33,{0x8d,0x44,0x5e,0x55,0xaa,0xaa,0xbb,0xbb}}'
const FORMS = [
  GUID,
  GUID.replaceAll('-', ''),
  `{${GUID}}`,
  `(${GUID})`,
  `"${GUID}"`,
  `'${GUID}'`,
  `urn:uuid:${GUID}`,
  `urn:uuid:{${GUID}}`,
  IN_PARTS,
]

describe('an id', () => {
  it.each(FORMS)('that is the GUID %s has the usual form, in capitals and between spaces too', (form) => {
    expect([form, form.toUpperCase(), ` \t${form}\n`].map(normaliseId)).toEqual([GUID, GUID, GUID])
  })

  it.each(FORMS)('that is nearly the GUID %s is kept as it is', (form) => {
    const bracket = /[{}()"']/
    const isPart = (at: number) => form === IN_PARTS || !bracket.test(form.charAt(at))
    for (const at of form.split('').keys()) {
      if (!isPart(at)) continue
      const [before, after] = [form.slice(0, at), form.slice(at + 1)]
      for (const odd of [before + after, before + form.charAt(at) + form.slice(at), `${before}g${after}`])
        expect(normaliseId(odd)).toBe(odd)
    }
    for (const odd of [`x${form}`, `${form}x`, `{${form}}}`, `${form} ${form}`])
      expect(normaliseId(odd)).toBe(odd)
  })

  it.each([
    ['', ''],
    ['  ', ''],
    [' An Id Of Its Own ', 'An Id Of Its Own'],
    ['{0}', '{0}'],
  ])('of another kind, %j, is only trimmed', (id, expected) => {
    expect(normaliseId(id)).toBe(expected)
  })
})

describe('in a text', () => {
  it.each([
    GUID.toUpperCase(),
    `/tenants/${GUID}/providers/x`,
    `x${GUID}x`,
    `${GUID}/2${GUID.slice(1)}`,
    `a${GUID} ${GUID}`,
    `-${GUID},${GUID}`,
    `${GUID}-${GUID},${GUID}`,
    `${GUID}f (${GUID})`,
  ])('%s the first GUID that stands alone is found', (text) => {
    expect(guidWithin(text)).toBe(GUID)
  })

  it.each([
    '',
    `f${GUID}`,
    `-${GUID}`,
    `${GUID}0`,
    `${GUID}-`,
    GUID.replaceAll('-', ''),
    GUID.replace('-', ''),
    GUID.slice(1),
    GUID.slice(0, -1),
    GUID.replace('1', 'g'),
  ])('%j none is found', (text) => {
    expect(guidWithin(text)).toBeUndefined()
  })
})
