import { execFileSync } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localKeys } from '../../shared/evidence/keys/local-keys.ts'
import { isFixed } from '../../shared/evidence/log-layout.ts'
import { seal } from '../../shared/evidence/seal/seal.ts'
import { FINDING_CLASSES } from '../../shared/evidence/verify/finding.ts'
import { aBlob, MemoryArchive, MemoryLog, newKeyPem, OPTIONS, portsOf } from '../support/evidence-world.ts'
import { generatedSection } from '../support/generated-section.ts'
import { hasTools } from '../support/shell-tools.ts'

const PAGE = readFileSync('docs/auditors.md', 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'risk-export-auditors-'))
afterAll(() => rmSync(folder, { recursive: true }))

const shown = (name: string): string => {
  const [, code = ''] = /```sh\n([\s\S]*?)```/.exec(PAGE.split(`<!-- check: ${name} -->`)[1] ?? '') ?? []
  expect(code).not.toBe('')
  return code
}

const shell = (name: string, call: string): string =>
  execFileSync('bash', ['-c', `${shown(name)}\n${call}`], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })

const write = (name: string, content: string | Buffer): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), content)
}

const blobs = [aBlob(1), aBlob(2)] as const
const names = blobs.map(({ name }) => name)

describe.skipIf(!hasTools('bash', 'openssl', 'gzip'))('what docs/auditors.md shows for openssl', () => {
  beforeAll(async () => {
    const archive = new MemoryArchive()
    const log = new MemoryLog()
    archive.add(...blobs)
    archive.nowMs += 3_600_000
    const pem = newKeyPem()
    await seal(portsOf(archive, log, { keys: localKeys(pem) }), OPTIONS)
    for (const { name, content } of blobs) write(`archive/${name}`, content)
    for (const [name, content] of log.files)
      write(`${isFixed(name) ? 'evidence-fixed' : 'evidence'}/${name}`, content)
    write('seal.pem', String(createPublicKey(pem).export({ type: 'spki', format: 'pem' })))
    write('other.pem', String(createPublicKey(newKeyPem()).export({ type: 'spki', format: 'pem' })))
  })

  it('verifies the signature of the newest head, and no other', () => {
    expect(shell('signature', 'signed evidence seal.pem')).toBe('Verified OK\n')
    expect(() => shell('signature', 'signed evidence other.pem')).toThrow('Command failed')
    const head = readFileSync(join(folder, 'evidence/checkpoint'), 'utf8')
    write('forged/checkpoint', head.replace(/^\d+$/m, '1000'))
    expect(() => shell('signature', 'signed forged seal.pem')).toThrow('Command failed')
  })

  it('says nothing of files that are as they were sealed', () => {
    for (const name of names) expect(shell('blob', `sealed evidence-fixed archive '${name}'`)).toBe('')
  })

  it('says what differs of others', () => {
    const [{ name, content }, other] = blobs
    const after = (changed: Buffer): string => {
      write(`archive/${name}`, changed)
      const said = shell('blob', `sealed evidence-fixed archive '${name}'`)
      write(`archive/${name}`, content)
      return said
    }
    expect(after(other.content)).toContain(
      `${name}: the file was changed\n${name}: the content was changed\n`,
    )
    const trailing = after(Buffer.concat([content, Buffer.from('trailing')]))
    expect(trailing).toContain(`${name}: another size\n${name}: the file was changed\n`)
    const unsealed = aBlob(3)
    write(`archive/${unsealed.name}`, unsealed.content)
    expect(shell('blob', `sealed evidence-fixed archive '${unsealed.name}'`)).toContain(': not sealed\n')
  })
})

describe('the findings of docs/auditors.md', () => {
  it('are those of risk-export verify, with their exit codes', () => {
    const exitCodes = { note: 0, integrity: 1, incomplete: 2, unknown: 3 }
    const rows = Object.entries(FINDING_CLASSES).map(
      ([name, { weight, meaning, remedy }]) =>
        `| \`${name}\` | ${exitCodes[weight]} | ${meaning} | ${remedy} |`,
    )
    const head = ['| finding | exit code | means | what to do |', '| --- | --- | --- | --- |']
    const table = [...head, ...rows].join('\n')
    expect(generatedSection('docs/auditors.md', 'findings', table)).toBe(table)
  })
})

describe('the samples of docs/cli.md', () => {
  const cliPage = readFileSync('docs/cli.md', 'utf8')
  const sample = (command: string): readonly string[] =>
    /\n([\s\S]*?)\n```/
      .exec(cliPage.split(`$ risk-export ${command}`)[1] ?? '')?.[1]
      ?.split('\n')
      .filter((line) => line.trim() !== '…') ?? []

  it.each([
    ['archive\n', 'archive'],
    ['record detection-6', 'record'],
  ])('of %s are what it prints', (command, name) => {
    const lines = sample(command.trimEnd())
    expect(lines.length).toBeGreaterThan(10)
    const printed = readFileSync(`test/golden/cli/${name}.txt`, 'utf8').split('\n')
    expect(lines.filter((line) => !printed.includes(line))).toEqual([])
  })
})
