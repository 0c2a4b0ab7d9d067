/** @param {any} path */
function isFailpoint(path) {
  if (!path.isExpressionStatement()) return false
  const { expression } = path.node
  const call = expression.type === 'AwaitExpression' ? expression.argument : expression
  if (call.type !== 'CallExpression') return false
  const { callee } = call
  const name = callee.type === 'MemberExpression' ? callee.property : callee
  return name.type === 'Identifier' && name.name === 'failpoint'
}

// Failpoints do nothing but let the chaos test kill a process there.
export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'failpoints',
    value: {
      /** @param {any} path */
      shouldIgnore: (path) =>
        isFailpoint(path) || (path.isIfStatement() && isFailpoint(path.get('consequent')))
          ? 'a failpoint'
          : undefined,
    },
  },
]
