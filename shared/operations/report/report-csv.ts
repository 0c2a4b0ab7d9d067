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
 * A report as [CSV](https://www.rfc-editor.org/rfc/rfc4180) that Excel opens as it is: UTF-8 with a
 * byte order mark, and no cell that a spreadsheet would compute
 * ([OWASP](https://owasp.org/www-community/attacks/CSV_Injection)).
 */
export const reportCsv = ({ columns, rows }: ReportRows): string =>
  stringify(
    [
      columns.map(({ name }) => name),
      ...rows.map((row) => columns.map((column, i) => cell(shownText(column, row[i] ?? '')))),
    ],
    { bom: true, escape_formulas: true, record_delimiter: '\r\n' },
  )
