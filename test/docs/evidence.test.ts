import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EVIDENCE_PROBLEMS } from '../../shared/evidence/evidence-error.ts'
import { leafBytes, parseLeaf } from '../../shared/evidence/leaf.ts'
import { seal } from '../../shared/evidence/seal/seal.ts'
import { aBlob, MemoryArchive, MemoryLog, OPTIONS, portsOf, readLog } from '../support/evidence-world.ts'

const page = readFileSync('docs/evidence.md', 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'evidence-doc-'))
const log = new MemoryLog()
beforeAll(async () => {
  const archive = new MemoryArchive()
  archive.add(aBlob(1), { name: aBlob(2).name, content: Buffer.from('damaged') })
  archive.nowMs += 3_600_000
  await seal(portsOf(archive, log), OPTIONS)
  for (const [name, content] of log.files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

const codes = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').slice(1, -1))

describe('the page about evidence', () => {
  it('verifies a checkpoint with openssl alone, by the commands that it shows', () => {
    const [, commands = ''] = /```sh\n([\s\S]*?)```/.exec(page) ?? []
    const run = () => execFileSync('sh', ['-ec', commands], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
    expect(run().trim()).toBe('Verified OK')
    const checkpoint = readFileSync(join(folder, 'checkpoint'), 'utf8')
    writeFileSync(join(folder, 'checkpoint'), checkpoint.replace(/\n\d+\n/, '\n99\n'))
    expect(run).toThrow('Command failed')
  })

  it('names every member of every type of entry', () => {
    for (const leaf of readLog(log.files).leaves) {
      const row = rows.find(([type = '']) => codes(type)[0] === leaf.type)
      const { v: _, type, ...members } = leaf
      expect([...codes(row?.[1] ?? '')].sort(), type).toEqual(Object.keys(members).sort())
      expect(parseLeaf(leafBytes(leaf))).toEqual(leaf)
    }
    expect(new Set(readLog(log.files).leaves.map(({ type }) => type)).size).toBe(5)
  })

  it('says of everything that stops the log what to do', () => {
    const named = rows.map(([code = '']) => codes(code)[0])
    // A missing time stamp stops nothing.
    const stops = Object.keys(EVIDENCE_PROBLEMS).filter((code) => code !== 'timestampAnswer')
    expect(stops.filter((code) => !named.includes(code))).toEqual([])
  })
})
