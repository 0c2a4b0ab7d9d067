import { readFileSync } from 'node:fs'
import { codesIn, tableRows } from '../generated-section.ts'

/** What a reader of a page knows: what stands for its placeholders, and the secrets in the vault. */
export interface Known {
  /** By the text on the page, such as `<cluster>`. */
  readonly instead?: Readonly<Record<string, string>>
  /** By the name in a reference such as `…/secrets/<name>)`. */
  readonly vault?: Readonly<Record<string, string>>
  /** By setting, where the page offers several values: one of them. */
  readonly chosen?: Readonly<Record<string, string>>
}

const UNTRIED = '\n## What was not tried\n'
const REFERENCE =
  /^@Microsoft\.KeyVault\(SecretUri=https:\/\/<vault>\.vault\.azure\.net\/secrets\/([\w-]+)\)$/

const fill = (text: string, { instead = {} }: Known): string => {
  const filled = Object.entries(instead).reduce((all, [name, value]) => all.replaceAll(name, value), text)
  if (/<\w+(?: \w+)*>|…/.test(filled)) throw new Error(`a placeholder is left in ${filled}`)
  return filled
}

/**
 * A page of a product, to be followed word for word: each of its blocks is taken, or is said to need
 * the product; what is neither is left over.
 */
export class PageSteps {
  readonly #text: string
  readonly #left: Set<string>

  /** @param page without folder and extension */
  constructor(page: string) {
    this.#text = readFileSync(`docs/siem/${page}.md`, 'utf8')
    const blocks = [...this.#text.matchAll(/^( *)```\w*\n([\s\S]*?)^ *```$/gm)]
    this.#left = new Set(
      blocks.map(([, indent = '', code = '']) => code.replaceAll(new RegExp(`^${indent}`, 'gm'), '')),
    )
  }

  /** The only block, not yet taken, that has a text in it. */
  block(having: string): string {
    const [found, another] = [...this.#left].filter((code) => code.includes(having))
    if (found === undefined || another !== undefined)
      throw new Error(`${found === undefined ? 'no block has' : 'several blocks have'} ${having}`)
    this.#left.delete(found)
    return found
  }

  /** A block that only the product can run, which the page must say under `name`. */
  needsProduct(having: string, name: string): void {
    this.block(having)
    if (!this.untried().includes(name)) throw new Error(`"What was not tried" says nothing about ${name}`)
  }

  /** Code that stands in a sentence, with its placeholders filled. */
  code(having: string, known: Known): string {
    const found = codesIn(this.#text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '')).find((code) =>
      code.includes(having),
    )
    if (found === undefined) throw new Error(`no code has ${having}`)
    return fill(found, known)
  }

  /** The table of settings, with references to the vault resolved as the platform does. */
  settings(known: Known): Readonly<Record<string, string>> {
    const table = /^\| setting \| value \|\n(?:\|.*\n)+/m.exec(this.#text)?.[0] ?? ''
    const rows = tableRows(table).map(([name = '', cell = '']) => {
      const [setting = ''] = codesIn(name)
      return [setting, this.#value(setting, cell, known)] as const
    })
    if (rows.length === 0) throw new Error('no table of settings')
    return Object.fromEntries(rows)
  }

  #value(setting: string, cell: string, known: Known): string {
    const codes = codesIn(cell)
    const reference = codes.map((code) => REFERENCE.exec(code)?.[1]).find((name) => name !== undefined)
    if (reference !== undefined) {
      const secret = known.vault?.[reference]
      if (secret === undefined) throw new Error(`the vault has no ${reference}`)
      return secret
    }
    const chosen = known.chosen?.[setting]
    if (chosen !== undefined && !codes.includes(chosen))
      throw new Error(`${setting} is not offered ${chosen}`)
    return fill(chosen ?? codes[0] ?? cell, known)
  }

  /** The section that says what was not tried. */
  untried(): string {
    const [, section = ''] = this.#text.split(UNTRIED)
    return section.split('\n## ')[0] ?? ''
  }

  /** Blocks that nobody took. */
  left(): readonly string[] {
    return [...this.#left]
  }
}
