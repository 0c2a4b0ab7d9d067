import { stringify } from 'csv-stringify/sync'
import { printable } from '../../encoding/printable.ts'
import { type ReportRows, shownText } from './report-rows.ts'

/**
 * What would start a formula in a cell of its own: where lists are separated by semicolons, Excel
 * splits at one even in a file that is separated by commas.
 */
const FORMULA_AFTER_SEMICOLON = /;(?=[\s"']*[=+\-@\uff1d\uff0b\uff0d\uff20])/gu
const FORMULA_AFTER_SPACE = /^[\s"']+(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/u

/** One line without formulas: an apostrophe makes a spreadsheet take what follows for text. */
const cell = (text: string): string =>
  printable(text).replace(FORMULA_AFTER_SPACE, "'$&").replace(FORMULA_AFTER_SEMICOLON, ";'")

/**
 * Rows as [CSV](https://www.rfc-editor.org/rfc/rfc4180) without a cell that a spreadsheet would
 * compute ([OWASP](https://owasp.org/www-community/attacks/CSV_Injection)).
 * @param bom whether a byte order mark comes first: Excel needs it to read UTF-8
 */
export const csvText = (rows: readonly (readonly string[])[], bom: boolean): string =>
  stringify(
    rows.map((row) => row.map(cell)),
    { bom, escape_formulas: true, record_delimiter: '\r\n' },
  )

/** A report as CSV that Excel opens as it is. */
export const reportCsv = ({ columns, rows }: ReportRows): string =>
  csvText(
    [
      columns.map(({ name }) => name),
      ...rows.map((row) => columns.map((column, i) => shownText(column, row[i] ?? ''))),
    ],
    true,
  )
