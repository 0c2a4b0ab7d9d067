// Writes the solution package for Microsoft Sentinel, in the layout of Azure/Azure-Sentinel, to dist/sentinel.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SentinelContent } from './content.ts'
import { packageFiles } from './package-files.ts'

const OUT = 'dist/sentinel'

rmSync(OUT, { recursive: true, force: true })
const files = Object.entries(packageFiles(new SentinelContent('infra/sentinel')))
for (const [path, content] of files) {
  const file = join(OUT, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}
process.stdout.write(`${OUT}  ${files.length} files\n`)
