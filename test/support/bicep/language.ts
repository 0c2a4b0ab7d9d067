import { createRequire } from 'node:module'
import { Language, type Node, Parser } from 'web-tree-sitter'

const require = createRequire(import.meta.url)

await Parser.init()
const bicep = await Language.load(require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm'))
const parser = new Parser()
parser.setLanguage(bicep)

/** Thrown for text that is not Bicep: every place that does not parse. */
export class BicepSyntaxError extends Error {
  override readonly name = 'BicepSyntaxError'
}

const broken = (node: Node): readonly Node[] =>
  node.isError || node.isMissing
    ? [node]
    : node.hasError
      ? node.children.flatMap((c) => (c ? broken(c) : []))
      : []

const separated = new Set(['object_property', 'decorators'])

/**
 * Bicep wants a new line (or a comma) between properties, and a new line between statements; the
 * grammar does not.
 */
const crowded = (node: Node): readonly Node[] => {
  const children = node.children.filter((c): c is Node => c !== null)
  const here = children.filter((child, i) => {
    const before = children[i - 1]
    const apart = node.parent === null ? child.type !== 'comment' : separated.has(child.type)
    return before?.isNamed === true && apart && before.endPosition.row === child.startPosition.row
  })
  return [...here, ...children.flatMap(crowded)]
}

/** The concrete syntax of a file. */
export function parseSyntax(path: string, text: string): Node {
  const tree = parser.parse(text)
  if (tree === null) throw new BicepSyntaxError(`${path}: no tree`)
  const errors = [...broken(tree.rootNode), ...crowded(tree.rootNode)]
  if (errors.length > 0 || tree.rootNode.hasError) {
    const places = errors.map(
      (e) => `${path}:${e.startPosition.row + 1} ${e.text.split('\n')[0]?.slice(0, 60)}`,
    )
    throw new BicepSyntaxError(`not Bicep:\n${places.join('\n')}`)
  }
  return tree.rootNode
}
