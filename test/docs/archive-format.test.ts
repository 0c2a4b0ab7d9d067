import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { buildChunk } from '../../shared/archive/chunk.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { messageOf, settings } from '../source/reading-under-test.ts'
import { codesIn, generatedSection, tableRows } from '../support/generated-section.ts'
import { hasTools } from '../support/shell-tools.ts'

const PAGE = 'docs/archive-format.md'
const GOLDENS = 'test/golden/archive'
const canRun = hasTools('bash', 'zcat', 'jq', 'sha256sum', 'base64', 'awk')
const folder = mkdtempSync(join(tmpdir(), 'risk-export-docs-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The archived situations of the goldens, as blobs under their names. */
const blobs = readdirSync(GOLDENS)
  .filter((name) => name.endsWith('.ndjson'))
  .map((name) => {
    const situation = join(GOLDENS, basename(name, '.ndjson'))
    const blob = join(
      folder,
      basename(name, '.ndjson'),
      readFileSync(`${situation}.blob-name`, 'utf8').trim(),
    )
    mkdirSync(dirname(blob), { recursive: true })
    writeFileSync(blob, gzipSync(readFileSync(`${situation}.ndjson`)))
    return blob
  })

const shown = (name: string): string => {
  const [, code = ''] =
    /```sh\n([\s\S]*?)```/.exec(readFileSync(PAGE, 'utf8').split(`<!-- check: ${name} -->`)[1] ?? '') ?? []
  expect(code).not.toBe('')
  return code
}

/** A shell function that the page shows, after those before it, and a call of it. */
const shell = (name: string, call: string): string =>
  execFileSync('bash', ['-c', [shown('verify'), shown(name), call].join('\n')], { encoding: 'utf8' })
const verify = (blob: string): string => shell('verify', `verify '${blob}'`)

/** The blob with other content under the same name. */
const altered = (blob: string, change: (text: string) => string): string => {
  const copy = join(mkdtempSync(join(folder, 'altered-')), basename(blob))
  writeFileSync(copy, gzipSync(change(readFileSync(situationOf(blob), 'utf8'))))
  return copy
}
const situationOf = (blob: string): string =>
  join(GOLDENS, `${blob.slice(folder.length + 1).split('/')[0]}.ndjson`)

const exampleLine = (): string => {
  const body = readFileSync('test/golden/normalise/detection-leaked-credentials.json')
  const [line = ''] = buildChunk([readMessage(messageOf(body), settings)])
    .content.toString()
    .split('\n')
  return line
    .replace(/"event":\{.*\},"recordBytes"/, '"event":{…},"recordBytes"')
    .replace(/"record":\{.*\}\}$/, '"record":{…}}')
}

describe('the page of the archive format', () => {
  it('has an example as the program writes it', () => {
    const content = `\`\`\`json\n${exampleLine()}\n\`\`\``
    expect(generatedSection(PAGE, 'example-line', content)).toBe(content)
  })

  it('names every member that a line can have, and no other', () => {
    const text = readFileSync(PAGE, 'utf8')
    const table = text.slice(text.indexOf('| member |')).split('\n\n')[0] ?? ''
    const documented = tableRows(table).flatMap(([member = '']) => codesIn(member))
    const written = blobs.flatMap((blob) =>
      readFileSync(situationOf(blob), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .flatMap((line) => Object.keys(JSON.parse(line))),
    )
    expect(new Set(documented)).toEqual(new Set(written))
  })

  it.skipIf(!canRun).each(blobs.map((blob) => [blob.slice(folder.length + 1).split('/')[0], blob]))(
    'shows a command that finds nothing wrong with %s',
    (_, blob) => {
      expect(verify(blob)).toBe('')
    },
  )

  it.skipIf(!canRun)('shows a command that finds an altered record, and an altered line', () => {
    const blob = blobs.find((name) => name.includes('events-of-every-kind')) ?? ''
    const said = verify(altered(blob, (text) => text.replace('"riskLevel":"high"', '"riskLevel":"none"')))
    expect(said).toMatch(/the content is not what the name says\n.* line \d+: not what its digest says/)
    const half = blobs.find((name) => name.includes('names-of-object-prototypes')) ?? ''
    const broken = verify(altered(half, (text) => text.replaceAll(/(\\ud[0-9a-f]{3})(?=.*\}$)/gm, '$1x')))
    expect(broken).toMatch(/line \d+: not what its digest says/)
    const moved = verify(altered(blob, (text) => text.replace('"ordinal":0', '"ordinal":1')))
    expect(moved).toContain('the content is not what the name says')
  })

  it.skipIf(!canRun)('shows a command that gives the exact bytes of one record', () => {
    const body = readFileSync('test/golden/normalise/detection-leaked-credentials.json')
    const blob = join(folder, 'one.jsonl.gz')
    writeFileSync(blob, gzipSync(buildChunk([readMessage(messageOf(body), settings)]).content))
    const bytes = shell('one-record', `record '${blob}' 0`)
    expect(body.toString()).toBe(`{"records":[\n${bytes}\n]}\n`)
  })

  it.skipIf(!canRun)('shows a command that finds what is missing', () => {
    const line = (n: number): string => `{"position":{"sequenceNumber":${n}}}`
    const run = (from: number, to: number): string =>
      `{"position":{"sequenceNumber":${from}},"skipped":{"firstSequenceNumber":${from},"lastSequenceNumber":${to}}}`
    const written = (name: string, ...lines: readonly string[]): string => {
      writeFileSync(join(folder, name), gzipSync(`${lines.join('\n')}\n`))
      return join(folder, name)
    }
    const a = written('a', line(0), line(0), run(1, 9), line(10))
    const b = written('b', line(9), line(10), line(13), run(14, 20))
    expect(shell('gaps', `gaps '${b}' '${a}'`)).toBe('11-12 is missing\n')
    expect(shell('gaps', `gaps '${a}'`)).toBe('')
  })
})
