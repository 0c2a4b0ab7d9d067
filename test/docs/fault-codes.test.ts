import { describe, expect, it } from 'vitest'
import { FAULT_CODES } from '../../shared/domain/fault.ts'
import { codesIn, sectionOf, tableRows } from '../support/generated-section.ts'

const rows = tableRows(sectionOf('docs/operations.md', '<!-- fault-codes -->', '<!-- /fault-codes -->'))

describe('the table of fault codes', () => {
  it('has a row for every code, in the order of their declaration, and no other', () => {
    expect(rows.map(([code = '']) => codesIn(code)[0])).toEqual([...FAULT_CODES])
  })

  it.each(rows)(
    'says of %s whose fault it is, what it means and what to do',
    (_, scope = '', meaning = '', action = '') => {
      expect(scope).toMatch(/^(?:transient|sink|record)(?:;|$)/)
      expect(meaning.length).toBeGreaterThan(15)
      expect(action.length).toBeGreaterThan(7)
    },
  )
})
