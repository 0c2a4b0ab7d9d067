import type { Expression } from './ast.ts'

/**
 * The grammar binds what follows a lambda or a ternary to the whole of it: `x => x.y` is read as
 * `(x => x).y`, `a ? b : c.d` as `(a ? b : c).d`. Bicep binds it to the last part. These functions
 * put it there.
 */
export function bindToLast(before: Expression, bind: (last: Expression) => Expression): Expression {
  switch (before.kind) {
    case 'lambda':
      return { ...before, body: bindToLast(before.body, bind) }
    case 'ternary':
      return { ...before, whenFalse: bindToLast(before.whenFalse, bind) }
    case 'binary':
      return { ...before, right: bindToLast(before.right, bind) }
    case 'unary':
      return { ...before, operand: bindToLast(before.operand, bind) }
    default:
      return bind(before)
  }
}

/** An operator after a lambda belongs to the lambda's body. */
export const bindInsideLambda = (before: Expression, bind: (inner: Expression) => Expression): Expression =>
  before.kind === 'lambda' ? { ...before, body: bindInsideLambda(before.body, bind) } : bind(before)
