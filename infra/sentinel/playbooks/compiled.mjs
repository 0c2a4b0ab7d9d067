// Prints a compiled template without the version of the compiler: `compiled.mjs [FILE]`, or from standard input.
import { readFileSync } from 'node:fs'

const { metadata: _, ...template } = JSON.parse(readFileSync(process.argv[2] ?? 0, 'utf8'))
process.stdout.write(`${JSON.stringify(template, undefined, 2)}\n`)
