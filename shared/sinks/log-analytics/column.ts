import type { ArchivedEvent, ExportedEvent } from '../../domain/exported-event.ts'
import type { Json } from '../../encoding/json.ts'

/** Column types that a Log Analytics table and a data collection rule both know. */
export type ColumnType = 'string' | 'int' | 'long' | 'real' | 'boolean' | 'datetime' | 'dynamic'

/** An archived event of one kind. */
export type Archived<E extends ExportedEvent> = ArchivedEvent & { readonly event: E }

/** What a cell may hold; `undefined` leaves the cell empty. */
export type Cell = Json | undefined

/**
 * One column: declared once, for the row, the table, the stream of the data collection rule and the
 * documentation.
 */
export interface Column<E extends ExportedEvent> {
  readonly name: string
  readonly type: ColumnType
  readonly description: string
  /** `'timeOfSending'`: filled when the row is sent, not when it is made. */
  readonly value: ((archived: Archived<E>) => Cell) | 'timeOfSending'
}

/** A custom table with its columns. */
export interface Table<E extends ExportedEvent> {
  /**
   * As Log Analytics knows it; the stream of the data collection rule is `Custom-` and this name.
   */
  readonly name: string
  readonly description: string
  readonly columns: readonly Column<E>[]
}
