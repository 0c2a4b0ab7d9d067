import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reportCsv } from '../../../shared/operations/report/report-csv.ts'
import { reportRows } from '../../../shared/operations/report/report-rows.ts'
import { HOSTILE, hostileReport, hostileText } from './hostile.ts'

const BYTE_ORDER_MARK = '\ufeff'
const STARTS_FORMULA = /^[\s"]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u

/** Reads RFC 4180 by the letter, and fails on anything else. */
function cellsOf(csv: string, separator = ','): readonly (readonly string[])[] {
  const rows: string[][] = []
  let at = 0
  while (at < csv.length) {
    const row: string[] = []
    for (;;) {
      let cell = ''
      if (csv[at] === '"') {
        for (at += 1; !(csv[at] === '"' && csv[at + 1] !== '"'); at += 1) {
          if (at >= csv.length) throw new Error('a quote is not closed')
          if (csv[at] === '"') at += 1
          cell += csv[at]
        }
        at += 1
      } else {
        const end = csv.slice(at).search(/[,\r\n"]/)
        cell = csv.slice(at, at + end)
        at += end
      }
      row.push(cell)
      if (csv[at] !== separator) break
      at += 1
    }
    if (csv.slice(at, at + 2) !== '\r\n') throw new Error(`no end of line at ${at}`)
    at += 2
    rows.push(row)
  }
  return rows
}

const csvOf = (report: 'risky' | 'detections', text: string) =>
  reportCsv(reportRows(hostileReport(report, text)))

describe('a report as CSV', () => {
  it('begins with a byte order mark, ends its lines as RFC 4180 has it, and names its columns', () => {
    const csv = csvOf('risky', 'Payroll, nightly "sync"')
    expect(csv.startsWith(`${BYTE_ORDER_MARK}Display name,Application ID,Risk state,`)).toBe(true)
    expect(csv.split('\r\n')).toHaveLength(3)
    expect(csv).toContain('\r\n"Payroll, nightly ""sync""",')
  })

  it.each(['risky', 'detections'] as const)(
    'of %s has a cell for each column, whatever it holds',
    (report) => {
      fc.assert(
        fc.property(hostileText, (text) => {
          const rows = cellsOf(csvOf(report, text).slice(1))
          const { columns } = reportRows(hostileReport(report, text))
          expect(rows.map((row) => row.length)).toEqual([columns.length, columns.length])
        }),
      )
    },
  )

  it('has no cell that is computed, nor one that is where semicolons separate', () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom('risky', 'detections'), (text, report) => {
        const csv = csvOf(report, text).slice(1)
        for (const cell of cellsOf(csv).flat()) expect(cell).not.toMatch(STARTS_FORMULA)
        for (const cell of csv.split(/[;\r\n]/)) expect(cell).not.toMatch(STARTS_FORMULA)
      }),
      { examples: HOSTILE.map((text) => [text, 'risky']) },
    )
  })

  it('has no control character but the ends of its lines', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(csvOf('detections', text).slice(1).replaceAll('\r\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }),
      { examples: HOSTILE.map((text) => [text]) },
    )
  })

  it('leaves a text that is none of this as it is', () => {
    const row = cellsOf(csvOf('risky', '名前 – a=b (prod); x').slice(1))[1]
    expect(row?.[0]).toBe('名前 – a=b (prod); x')
  })
})
