import type { ArchivedEvent, ExportedEvent } from '../../domain/exported-event.ts'
import type { Json } from '../../encoding/json.ts'

/** Column types supported by both Log Analytics tables and data collection rules. */
export type ColumnType = 'string' | 'int' | 'long' | 'real' | 'boolean' | 'datetime' | 'dynamic'

/** An archived event of one kind. */
export type Archived<E extends ExportedEvent> = ArchivedEvent & { readonly event: E }

/** A cell's value; `undefined` leaves the cell empty. */
export type Cell = Json | undefined

/** One column: declared once, for row, table, data collection rule stream and documentation. */
export interface Column<E extends ExportedEvent> {
  readonly name: string
  readonly type: ColumnType
  readonly description: string
  /** `'timeOfSending'`: set when the row is sent, not when it is made. */
  readonly value: ((archived: Archived<E>) => Cell) | 'timeOfSending'
}

/** A custom table with its columns. */
export interface Table<E extends ExportedEvent> {
  /** Name in Log Analytics; the data collection rule's stream is `Custom-` and this name. */
  readonly name: string
  readonly description: string
  readonly columns: readonly Column<E>[]
}
