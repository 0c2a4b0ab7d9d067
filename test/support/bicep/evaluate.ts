import type { Expression, For } from './ast.ts'
import { pureFunctions } from './functions.ts'
import {
  Callable,
  describe,
  EvaluationError,
  flag,
  list,
  memberOf,
  number,
  object,
  text,
  type Value,
} from './value.ts'

/** What names and functions mean where an expression stands. */
export interface Scope {
  lookup(name: string): Value
  call(name: string, args: readonly Value[]): Value
}

/** A scope with a few more names. */
export const withNames = (scope: Scope, names: Readonly<Record<string, Value>>): Scope => ({
  lookup: (name) => (Object.hasOwn(names, name) ? names[name] : scope.lookup(name)),
  call: (name, args) => scope.call(name, args),
})

/** The scope in which nothing is known but the pure functions. */
export const pureScope: Scope = {
  lookup(name) {
    throw new EvaluationError(`unknown name ${name}`)
  },
  call(name, args) {
    const known = pureFunctions[name]
    if (known === undefined) throw new EvaluationError(`unknown function ${name}`)
    return known(...args)
  },
}

const compare = (a: Value, b: Value): number => number(a) - number(b)

const operators: Readonly<Record<string, (left: Value, right: Value) => Value>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => compare(a, b) > 0,
  '<': (a, b) => compare(a, b) < 0,
  '>=': (a, b) => compare(a, b) >= 0,
  '<=': (a, b) => compare(a, b) <= 0,
  '+': (a, b) => number(a) + number(b),
  '-': (a, b) => number(a) - number(b),
  '*': (a, b) => number(a) * number(b),
  // Of whole numbers, to a whole number.
  '/': (a, b) => Math.trunc(number(a) / number(b)),
}

function binary(operator: string, left: Expression, right: Expression, scope: Scope): Value {
  const a = evaluate(left, scope)
  switch (operator) {
    case '&&':
      return flag(a) && flag(evaluate(right, scope))
    case '||':
      return flag(a) || flag(evaluate(right, scope))
    case '??':
      return a === null || a === undefined ? evaluate(right, scope) : a
    default: {
      const known = operators[operator]
      if (known === undefined) throw new EvaluationError(`unknown operator ${operator}`)
      return known(a, evaluate(right, scope))
    }
  }
}

/** A loop's rounds: for each item the scope in which its body is to be read. */
export const roundsOf = (loop: For, scope: Scope): readonly Scope[] =>
  list(evaluate(loop.over, scope)).map((item, index) =>
    withNames(scope, {
      [loop.item]: item,
      ...(loop.index === undefined ? {} : { [loop.index]: index }),
    }),
  )

/** What an expression comes to. Throws EvaluationError for one that means nothing. */
export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'string': {
      const parts = expression.parts.map((part) =>
        typeof part === 'string' ? part : text(evaluate(part, scope)),
      )
      return parts.join('')
    }
    case 'number':
    case 'boolean':
      return expression.value
    case 'null':
      return null
    case 'name':
      return scope.lookup(expression.name)
    case 'member':
      return memberOf(evaluate(expression.of, scope), expression.name, expression.safe)
    case 'index': {
      const of = evaluate(expression.of, scope)
      const at = evaluate(expression.at, scope)
      const found = typeof at === 'string' ? object(of)[at] : list(of)[number(at)]
      if (found === undefined) throw new EvaluationError(`nothing at ${describe(at)}`)
      return found
    }
    case 'call':
      return scope.call(
        expression.name,
        expression.args.map((arg) => evaluate(arg, scope)),
      )
    case 'object':
      return Object.fromEntries(
        expression.properties.map(({ key, value }) => [text(evaluate(key, scope)), evaluate(value, scope)]),
      )
    case 'array':
      return expression.items.map((item) => evaluate(item, scope))
    case 'for':
      return roundsOf(expression, scope).map((round) => evaluate(expression.body, round))
    case 'if':
      throw new EvaluationError('a condition outside of a resource')
    case 'ternary':
      return flag(evaluate(expression.condition, scope))
        ? evaluate(expression.whenTrue, scope)
        : evaluate(expression.whenFalse, scope)
    case 'binary':
      return binary(expression.operator, expression.left, expression.right, scope)
    case 'unary': {
      const operand = evaluate(expression.operand, scope)
      return expression.operator === '!' ? !flag(operand) : -number(operand)
    }
    case 'lambda':
      return new Callable((...args) =>
        evaluate(
          expression.body,
          withNames(scope, Object.fromEntries(expression.parameters.map((name, i) => [name, args[i]]))),
        ),
      )
    case 'group':
      return evaluate(expression.inner, scope)
  }
}
