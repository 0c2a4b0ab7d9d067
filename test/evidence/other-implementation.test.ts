import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localKeys } from '../../shared/evidence/keys/local-keys.ts'
import { seal } from '../../shared/evidence/seal/seal.ts'
import { aBlob, MemoryArchive, MemoryLog, newKeyPem, OPTIONS, portsOf } from '../support/evidence-world.ts'

/** Where Debian keeps the sources of `golang-golang-x-mod-dev`. */
const SOURCES = '/usr/share/gocode'
const GO = ['/usr/bin/go', '/usr/local/go/bin/go'].find((path) => existsSync(path))
const hasGo = GO !== undefined && existsSync(`${SOURCES}/src/golang.org/x/mod/sumdb/tlog`)

const folder = mkdtempSync(join(tmpdir(), 'tlog-'))
const checker = join(folder, 'tlog-check')
afterAll(() => rmSync(folder, { recursive: true }))

const check = (): string => execFileSync(checker, [join(folder, 'log')], { encoding: 'utf8', stdio: 'pipe' })

// `.ci/run` installs Go where that is possible.
describe.skipIf(!hasGo)('golang.org/x/mod, a second implementation', () => {
  beforeAll(async () => {
    execFileSync(GO ?? 'go', ['build', '-o', checker, 'test/evidence/tlog-check/main.go'], {
      env: { ...process.env, GO111MODULE: 'off', GOPATH: SOURCES, GOCACHE: join(folder, 'cache') },
    })
    const archive = new MemoryArchive()
    const log = new MemoryLog()
    const [first, second] = [newKeyPem(), newKeyPem()]
    for (const [round, blobs] of [1, 0, 250, 3, 300, 0, 20].entries()) {
      for (let n = 0; n < blobs; n += 1) archive.add(aBlob(round * 1000 + n))
      archive.nowMs += 3_600_000
      const keys = round < 3 ? localKeys(first) : localKeys(second, first)
      await seal(portsOf(archive, log, { keys }), OPTIONS)
    }
    for (const [name, content] of log.files) {
      const path = join(folder, 'log', name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
    }
  }, 120_000)

  it('finds every entry included and every checkpoint consistent, through a rotation of keys', () => {
    expect(check()).toBe('tlog-check: 590 entries included, 7 checkpoints consistent\n')
  })

  it.each(['tile/entries/001', 'tile/0/000', 'tile/1/000.p/2', 'checkpoint'])(
    'finds a changed byte in %s',
    (name) => {
      const path = join(folder, 'log', name)
      const content = readFileSync(path)
      const changed = Buffer.from(content)
      changed[40] = (changed[40] as number) ^ 1
      writeFileSync(path, changed)
      expect(check).toThrow('tlog-check: ')
      writeFileSync(path, content)
    },
  )
})
