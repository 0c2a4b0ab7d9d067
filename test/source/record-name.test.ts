import { describe, expect, it } from 'vitest'
import { firstName, nextObjectNamed } from '../../shared/source/record-name.ts'

const first = (text: string, at = 0): string | undefined => firstName(Buffer.from(text), at)?.toString()

describe('The first name of an object', () => {
  it.each([
    ['{"time":1}', '"time"'],
    [' {\r\n\t "time" : 1}', '"time"', 1],
    ['[],{"a\\"b":1}', '"a\\"b"', 3],
    ['{"":1}', '""'],
  ])('of %j is %j', (text, name, at = 0) => {
    expect(first(text, at)).toBe(name)
  })

  it.each(['["time"]', '"time"', '{}', '{1:"time"}', '{"time', '{', ''])('is unknown of %j', (text) => {
    expect(first(text)).toBeUndefined()
  })

  it('has at most 256 bytes, with its quotes', () => {
    const longest = `"${'n'.repeat(254)}"`
    expect(first(`{${longest}:1}`)).toBe(longest)
    expect(first(`{"${'n'.repeat(255)}":1}`)).toBeUndefined()
  })
})

describe('The next object that starts with a name', () => {
  /** The place is marked by `^` in the line below the text. */
  const next = (text: string, from = 0): string => {
    const at = nextObjectNamed(Buffer.from(text), Buffer.from('"a"'), from)
    return at === undefined ? '' : `${' '.repeat(at)}^`
  }

  it.each([
    ['behind a comma', '{"a":1},{"a":2}', '        ^'],
    ['behind an object without a comma', '{"a":1}{"a":2}', '       ^'],
    ['with spaces around everything', '{"a":1} , \n{ "a" : 2}', '           ^'],
    ['and not one whose second name it is', 'x,{"b":1,"a":2},{"a":3}', '                ^'],
    ['and not one where it is a value', 'x,{"b":"a"},{"a":3}', '            ^'],
    ['and not one where it is no name', 'x,{"a"},{"a",1},{"a":3}', '                ^'],
    ['and not one that is a value itself', 'x,{"b":{"a":1}},{"a":3}', '                ^'],
    ['and not one at the beginning of a list', 'x,[{"a":1},{"a":3}]', '           ^'],
    ['and not one that has no opening bracket', 'x,,"a":1,{"a":3}', '         ^'],
  ])('is found %s', (_, text, place) => {
    expect(next(text, 1)).toBe(place)
  })

  it('does not begin before the place to look from', () => {
    const text = ',{"a":1},{"a":2}'
    expect(next(text, 1)).toBe(' ^')
    expect(next(text, 2)).toBe('         ^')
    expect(next(', {"a":1}', 3)).toBe('')
  })

  it('may follow a value that ends before the place to look from', () => {
    expect(next('1,  {"a":1}', 3)).toBe('    ^')
    expect(next('{} {"a":1}', 2)).toBe('   ^')
  })

  it.each(['{"a":1}', ',{"A":1}', ',{"a', ',"a":1', ''])('is not found in %j', (text) => {
    expect(next(text)).toBe('')
  })
})
