import type { TableDeclaration } from '../../../shared/sinks/log-analytics/tables.ts'
import type { Json, JsonObject } from '../json.ts'

/** The service silently truncates longer values. */
const MAX_CELL_BYTES = 65_536
/** Of an unknown column's name. */
const MAX_SHOWN = 45
const ISO_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/

const isInteger = (value: Json, max: number): boolean =>
  Number.isInteger(value) && Math.abs(Number(value)) <= max

/** Whether a column of this type can hold a value unchanged. */
function holds(type: string, value: Json): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string'
    case 'datetime':
      return typeof value === 'string' && ISO_INSTANT.test(value) && !Number.isNaN(Date.parse(value))
    case 'boolean':
      return typeof value === 'boolean'
    case 'int':
      return isInteger(value, 2 ** 31 - 1)
    case 'long':
      return isInteger(value, Number.MAX_SAFE_INTEGER)
    case 'real':
      return typeof value === 'number'
    case 'dynamic':
      return true
    default:
      return false
  }
}

function isTooLong(value: Json): boolean {
  if (typeof value === 'string') {
    return value.length * 3 > MAX_CELL_BYTES && Buffer.byteLength(value) > MAX_CELL_BYTES
  }
  return (
    typeof value === 'object' && value !== null && Buffer.byteLength(JSON.stringify(value)) > MAX_CELL_BYTES
  )
}

/** Returns what is wrong with a row, without its contents, or `undefined`. */
export type RowCheck = (row: JsonObject) => string | undefined

/**
 * Checks rows against a table. Stricter than the service, which silently drops unknown columns,
 * clears cells of the wrong type and truncates long ones; here that must be visible.
 */
export function rowCheck(table: TableDeclaration): RowCheck {
  const types = new Map(table.columns.map(({ name, type }) => [name, type]))
  return (row) => {
    if (typeof row.TimeGenerated !== 'string') return 'TimeGenerated is missing'
    for (const [name, value] of Object.entries(row)) {
      const type = types.get(name)
      if (type === undefined) return `${table.name} has no column ${name.slice(0, MAX_SHOWN)}`
      if (value !== null && !holds(type, value)) return `${name} is not of type ${type}`
      if (isTooLong(value)) return `${name} is longer than ${MAX_CELL_BYTES} bytes`
    }
    return undefined
  }
}
