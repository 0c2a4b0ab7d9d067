import type { Json } from '../../../../shared/encoding/json.ts'
import type { KqlNode } from './syntax.ts'

/** The types that are covered; times are held in ms, time spans too. */
export type KqlType = 'bool' | 'int' | 'long' | 'real' | 'datetime' | 'timespan' | 'string' | 'dynamic'

export interface Column {
  readonly name: string
  readonly type: KqlType
}

/** A row: its cells in the order of the columns, and what `ingestion_time()` says of it. */
export interface Row {
  readonly cells: readonly Json[]
  /** ms; `null` for rows that were never in a table, `undefined` where Kusto has lost it. */
  readonly arrivedAt: number | null | undefined
}

/** One run of a query: its time, and what was worked out already. */
export interface Run {
  readonly now: number
  readonly tables: Readonly<Record<string, readonly Row[]>>
  readonly remembered: Map<object, unknown>
}

/** Where a scalar is worked out: among which rows, at which of them. */
export interface Place {
  readonly run: Run
  readonly rows: readonly Row[]
  readonly index: number
  /** What window functions have worked out for these rows. */
  readonly windows: Map<object, readonly Json[]>
}

/** A scalar expression, ready to be worked out for a row. */
export interface Scalar {
  readonly is: 'scalar'
  readonly type: KqlType
  readonly at: (row: Row, place: Place) => Json
}

export interface Shape {
  readonly columns: readonly Column[]
  /** Whether the rows have an order that window functions may rely on. */
  readonly isOrdered: boolean
}

/** A tabular expression, ready to be run. */
export interface Table {
  readonly is: 'table'
  readonly shape: Shape
  readonly rows: (run: Run) => readonly Row[]
}

/** An operator after a pipe. */
export interface Step {
  readonly shape: Shape
  readonly apply: (rows: readonly Row[], run: Run) => readonly Row[]
}

export interface Argument {
  readonly name: string | undefined
  readonly meaning: Scalar | Table
}

export interface Callable {
  readonly is: 'function'
  readonly call: (given: readonly Argument[], at: KqlNode) => Meaning
}

export type Meaning = Scalar | Table | Callable

/** An aggregate: from the rows of a group to one value. */
export interface Aggregate {
  readonly type: KqlType
  readonly over: (rows: readonly Row[], run: Run) => Json
}

/** What a name can mean at one place of a query. */
export interface Scope {
  readonly shape: Shape
  readonly names: (name: string) => Meaning | undefined
  /** Within the aggregates of `summarize`: gives each a place in the row that they make. */
  readonly slotFor: ((aggregate: Aggregate) => number) | undefined
}

/** Compiles by mutual recursion; given to each part so that parts need not import each other. */
export interface Compiler {
  readonly scalar: (node: KqlNode, scope: Scope) => Scalar
  readonly table: (node: KqlNode, scope: Scope) => Table
  readonly meaning: (node: KqlNode, scope: Scope) => Meaning
  readonly step: (node: KqlNode, shape: Shape, scope: Scope) => Step
  /** The statements of a query or of a function's body: `let`s, then what they end in. */
  readonly block: (nodes: readonly KqlNode[], scope: Scope) => Meaning
}

export const NO_SHAPE: Shape = { columns: [], isOrdered: false }
export const NO_ROW: Row = { cells: [], arrivedAt: undefined }

/** A place without rows: of scalars that stand outside any table. */
export const outside = (run: Run): Place => ({ run, rows: [], index: 0, windows: new Map() })

export const scalar = (type: KqlType, at: Scalar['at']): Scalar => ({ is: 'scalar', type, at })
export const constant = (type: KqlType, value: Json): Scalar => scalar(type, () => value)

/** Works something out once in a run. */
export const onceInRun = <T>(run: Run, key: object, work: () => T): T => {
  if (!run.remembered.has(key)) run.remembered.set(key, work())
  return run.remembered.get(key) as T
}

/** A table whose rows are worked out once in a run, however often it is named. */
export const tableOf = (shape: Shape, rows: (run: Run) => readonly Row[]): Table => {
  const key = {}
  return { is: 'table', shape, rows: (run) => onceInRun(run, key, () => rows(run)) }
}
