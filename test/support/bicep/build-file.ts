import type { Node } from 'web-tree-sitter'
import type {
  BicepFile,
  Decorator,
  Module,
  Output,
  Parameter,
  Resource,
  TypeDeclaration,
  Variable,
} from './ast.ts'
import { buildExpression, partsOf } from './build-expression.ts'
import { parseSyntax } from './language.ts'

const decoratorsOf = (node: Node): readonly Decorator[] =>
  partsOf(node).map((decorator) => {
    const call = partsOf(decorator)[0]
    const [name, args] = call === undefined ? [] : partsOf(call)
    return { name: name?.text ?? '', args: args === undefined ? [] : partsOf(args).map(buildExpression) }
  })

const literalOf = (node: Node | undefined): string => {
  const expression = node === undefined ? undefined : buildExpression(node)
  const [only, ...more] = expression?.kind === 'string' ? expression.parts : []
  if (typeof only !== 'string' || more.length > 0) throw new Error(`expected a plain string: ${node?.text}`)
  return only
}

const propertyNames = (node: Node | undefined): readonly string[] =>
  node === undefined
    ? []
    : partsOf(node)
        .filter((part) => part.type === 'object_property')
        .map((part) => partsOf(part)[0]?.text ?? '')

const last = (nodes: readonly Node[]): Node => {
  const node = nodes.at(-1)
  if (node === undefined) throw new Error('expected a node')
  return node
}

/** Reads a Bicep file. Throws BicepSyntaxError for what is none. */
export function buildFile(path: string, text: string): BicepFile {
  let targetScope = 'resourceGroup'
  const parameters: Parameter[] = []
  const variables: Variable[] = []
  const resources: Resource[] = []
  const modules: Module[] = []
  const outputs: Output[] = []
  const types: TypeDeclaration[] = []
  let decorators: readonly Decorator[] = []
  for (const node of partsOf(parseSyntax(path, text))) {
    if (node.type === 'decorators') {
      decorators = decoratorsOf(node)
      continue
    }
    const parts = partsOf(node)
    const head = { name: parts[0]?.text ?? '', line: node.startPosition.row + 1, decorators }
    decorators = []
    switch (node.type) {
      case 'target_scope_assignment':
        targetScope = literalOf(parts[0])
        break
      case 'parameter_declaration': {
        const fallback = parts[2] === undefined ? undefined : buildExpression(parts[2])
        parameters.push({ kind: 'param', ...head, type: parts[1]?.text ?? '', fallback })
        break
      }
      case 'variable_declaration':
        variables.push({ kind: 'var', ...head, value: buildExpression(last(parts)) })
        break
      case 'resource_declaration': {
        const [type = '', apiVersion = ''] = literalOf(parts[1]).split('@')
        const existing = node.children.some((c) => c?.text === 'existing')
        resources.push({
          kind: 'resource',
          ...head,
          type,
          apiVersion,
          existing,
          body: buildExpression(last(parts)),
        })
        break
      }
      case 'module_declaration':
        modules.push({
          kind: 'module',
          ...head,
          path: literalOf(parts[1]),
          body: buildExpression(last(parts)),
        })
        break
      case 'output_declaration':
        outputs.push({
          kind: 'output',
          ...head,
          type: parts[1]?.text ?? '',
          value: buildExpression(last(parts)),
        })
        break
      case 'metadata_declaration':
      case 'import_functionality':
      case 'import_statement':
        break
      case 'type_declaration':
        types.push({ kind: 'type', ...head, properties: propertyNames(parts[1]) })
        break
      default:
        throw new Error(`${path}:${head.line} unknown statement ${node.type}`)
    }
  }
  return { path, targetScope, parameters, variables, resources, modules, outputs, types }
}
