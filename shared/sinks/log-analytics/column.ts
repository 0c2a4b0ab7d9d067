import type { EventField, Field } from '../../domain/event-fields.ts'
import type { Json } from '../../encoding/json.ts'

/** Column types supported by both Log Analytics tables and data collection rules. */
export type ColumnType = 'string' | 'int' | 'long' | 'real' | 'boolean' | 'datetime' | 'dynamic'

/** A cell's value; `undefined` leaves the cell empty. */
export type Cell = Json | undefined

/** One column: declared once, for row, table, data collection rule stream and documentation. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly description: string
  /**
   * The field that it shows, or a member of one that is an object (`principal.tenancy`);
   * `'timeOfSending'`: set when the row is sent, not when it is made; `'isBackfilled'`: told by the
   * way that the event took.
   */
  readonly from:
    | Field
    | { readonly content: EventField; readonly member: string }
    | 'timeOfSending'
    | 'isBackfilled'
}

/** A column in one line. */
export const column = (
  name: string,
  type: ColumnType,
  from: Column['from'],
  description: string,
): Column => ({ name, type, description, from })

/** A custom table with its columns. */
export interface Table {
  /** Name in Log Analytics; the data collection rule's stream is `Custom-` and this name. */
  readonly name: string
  readonly description: string
  readonly columns: readonly Column[]
}
