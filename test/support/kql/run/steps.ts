import { distinctRows, extend, filter, project, projectAway, projectRename } from './columns.ts'
import { mvApply, mvExpand } from './expand.ts'
import { join } from './join.ts'
import type { Compiler, Scope, Shape, Step } from './model.ts'
import { operandsOf } from './names.ts'
import { NotCovered } from './not-covered.ts'
import { sort, take, top } from './order.ts'
import { summarize } from './summarize.ts'
import type { KqlNode } from './syntax.ts'
import { union } from './union.ts'

type Rule = (node: KqlNode, shape: Shape, scope: Scope, compiler: Compiler) => Step

/** `count`, `count as Name`. */
const count: Rule = (node) => ({
  shape: {
    columns: [{ name: /\bas\s+(\w+)/.exec(node.text)?.[1] ?? 'Count', type: 'long' }],
    isOrdered: false,
  },
  apply: (rows) => [{ cells: [rows.length], arrivedAt: undefined }],
})

const serialize: Rule = (node, shape) => {
  if (operandsOf(node).length > 0) throw new NotCovered('columns of serialize', node)
  return { shape: { ...shape, isOrdered: true }, apply: (rows) => rows }
}

/** Each operator that can stand after a pipe. */
export const STEPS: Readonly<Record<string, Rule>> = {
  FilterOperator: filter,
  ExtendOperator: extend,
  ProjectOperator: project,
  ProjectAwayOperator: projectAway,
  ProjectRenameOperator: projectRename,
  DistinctOperator: distinctRows,
  SummarizeOperator: summarize,
  CountOperator: count,
  SortOperator: sort,
  TopOperator: top,
  TakeOperator: take,
  JoinOperator: join,
  UnionOperator: union,
  MvExpandOperator: mvExpand,
  MvApplyOperator: mvApply,
  SerializeOperator: serialize,
  RenderOperator: (_, shape) => ({ shape, apply: (rows) => rows }),
}
