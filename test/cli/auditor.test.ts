import { execSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { cp, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { BlobServiceClient } from '@azure/storage-blob'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newKeyPem } from '../support/evidence-world.ts'
import { envelope, messageAt, riskRecord } from '../support/ingest-world.ts'
import { sealArchive } from '../support/seal-archive.ts'
import { hasTools } from '../support/shell-tools.ts'
import { type CliOptions, cli, newFolder, withoutHashes } from './cli-under-test.ts'
import { type Situation, situation } from './stored-situation.ts'

const APRIL = Date.UTC(2026, 3, 2, 8)
const HOSTILE = '\u001b]0;owned\u0007=HYPERLINK("http://x");@SUM(1)\u202e'

let stored: Situation
let options: CliOptions
let folder: string
let pem: string

const hostile = JSON.stringify({
  category: 'RiskyServicePrincipals',
  tenantId: '11111111-2222-4333-8444-555555555555',
  properties: {
    id: 'eeeeeeee-0000-4000-8000-000000000001',
    displayName: HOSTILE,
    riskLastUpdatedDateTime: '2026-04-02T08:00:00Z',
    riskState: 'atRisk',
    riskLevel: 'high',
    '=1+1\u001b[2J': 'unknown member',
  },
})

beforeAll(async () => {
  stored = await situation()
  folder = await newFolder()
  pem = newKeyPem()
  options = { env: stored.env, nowMs: () => APRIL + 3_600_000 }
  const copied = [5, 6, 7].map((n) => messageAt(n, envelope(riskRecord(n)), '2', APRIL))
  await stored.world.ingest(copied.slice(0, 2))
  // The host runs a batch again with other edges.
  await stored.world.ingest(copied.slice(1))
  await stored.world.ingest([messageAt(1, envelope(hostile), '3', APRIL)])
  await sealArchive(stored.azurite.connectionString, pem)
  await stored.world.ingest([messageAt(8, envelope(riskRecord(8)), '2', APRIL)])
})
afterAll(() => stored.azurite.stop())

const archive = (...words: string[]) => cli(['archive', ...words], options)
const record = (...words: string[]) => cli(['record', ...words], options)
const exported = (...words: string[]) => cli(['export', '--from', '60d', ...words], options)

/** What depends on the clock of the machine, or on a new key, replaced at the same width. */
const steady = (text: string): string =>
  withoutHashes(text)
    .replaceAll(/complete up to [\d:.TZ-]{24}/g, 'complete up to 2026-04-02T09:00:00.000Z')
    .replaceAll(/signed by key [0-9a-f]{8}/g, 'signed by key 0badcafe')
    .replaceAll(/sha256:[0-9a-f]{64}/g, `sha256:${'0'.repeat(64)}`)
    .replaceAll(/\d+ bytes$/gm, 'N bytes')

/** The rows of a file, as another program reads it by RFC 4180: none longer than the others. */
const parseCsv = (text: string): readonly (readonly string[])[] => {
  expect(text.replaceAll('\r\n', '')).not.toContain('\n')
  return parse(text, { bom: true, recordDelimiter: '\r\n' })
}

const detectionIdOf = async (sequenceNumber: number): Promise<string> => {
  const { stdout } = await exported('--format', 'jsonl')
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  return lines.find((line) => line.position.sequenceNumber === sequenceNumber).event.detectionId
}

describe('archive', () => {
  it('is a table by month, category and partition, and says up to where it is sealed', async () => {
    const { code, stdout, stderr } = await archive()
    expect([code, stderr]).toEqual([0, ''])
    await expect(steady(stdout)).toMatchFileSnapshot('../golden/cli/archive.txt')
  })

  it('counts a record once, however often its batch ran', async () => {
    const { holdings, copies, partitions } = JSON.parse((await archive('--json')).stdout)
    const ofTwo = holdings.filter(({ partition }: { partition: string }) => partition === '2')
    expect(ofTwo).toEqual([
      expect.objectContaining({ month: '2026-04', records: 4, faults: 0, first: '2026-04-02T08:00:05.000Z' }),
    ])
    expect(copies).toBe(1)
    expect(partitions.find(({ partition }: { partition: string }) => partition === '2')).toMatchObject({
      blobs: 3,
      blobsSealed: 2,
      firstSequenceNumber: 5,
      lastSequenceNumber: 8,
      sealedUpTo: '2026-04-02T08:00:07.000Z',
    })
  })

  it('counts only what the range has', async () => {
    const { holdings } = JSON.parse((await archive('--from', '2026-04-01', '--json')).stdout)
    expect(new Set(holdings.map(({ month }: { month: string }) => month))).toEqual(new Set(['2026-04']))
    const none = await archive('--from', '2026-01-01', '--to', '2026-02-01')
    expect([none.code, none.stdout]).toEqual([
      0,
      'The archive holds nothing: 2026-01-01T00:00:00.000Z to 2026-02-01T00:00:00.000Z, 0 archive blobs.\n',
    ])
  })
})

describe('record', () => {
  it('is a page of text: what was sent, what it says, where its evidence is', async () => {
    const { code, stdout, stderr } = await record(await detectionIdOf(6))
    expect([code, stderr]).toEqual([0, ''])
    await expect(steady(stdout)).toMatchFileSnapshot('../golden/cli/record.txt')
    expect(stdout).toContain('ITS EVIDENCE, IN 2 COPIES')
  })

  it('says so of a record that is not sealed yet', async () => {
    const { code, stdout } = await record(await detectionIdOf(8))
    expect(code).toBe(0)
    expect(stdout).toContain('not sealed yet')
  })

  it('gives programs the exact bytes, and the leaf of each blob', async () => {
    const id = await detectionIdOf(6)
    const { records } = JSON.parse((await record(id, '--json')).stdout)
    expect(records).toHaveLength(1)
    const [one] = records
    expect(Buffer.from(one.recordBase64, 'base64').toString()).toBe(riskRecord(6))
    expect(one.digest).toBe(`sha256:${createHash('sha256').update(riskRecord(6)).digest('hex')}`)
    expect(one.copies).toHaveLength(2)
    for (const { state, digest, leaf } of one.copies) expect([state, digest]).toEqual(['same', leaf.digest])
  })

  it('shows every character of a hostile record, and obeys none', async () => {
    const { stdout } = await exported('--format', 'jsonl')
    const line = stdout.split('\n').find((text) => text.includes('eeeeeeee-0000')) ?? ''
    const page = await record(JSON.parse(line).eventId)
    expect(page.code).toBe(0)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not come out.
    expect(page.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(page.stdout).toContain('<U+202E>')
    expect(page.stdout).toContain('<U+001B>]0;owned<U+0007>')
  })

  it('finds nothing, and says where else to look', async () => {
    const { code, stdout } = await record('ffffffff-0000-4000-8000-000000000000', '--from', '1h')
    expect(code).toBe(1)
    expect(stdout).toContain('No record of ffffffff-0000-4000-8000-000000000000 was found')
    expect(stdout).toContain('risk-export trace')
  })

  it('finds a record that could not be normalised by its bytes', async () => {
    const { code, stdout } = await record('not JSON')
    expect(code).toBe(0)
    expect(stdout).toContain('WHY IT COULD NOT BE READ')
    expect(stdout).toContain('  | not JSON')
  })

  it('does not run without an id', async () => {
    const { code, stderr } = await record()
    expect([code, stderr]).toEqual([2, expect.stringContaining('Expected one EVENT_ID or DETECTION_ID.')])
  })
})

describe('export', () => {
  it('is CSV that no spreadsheet computes', async () => {
    const { code, stdout, stderr } = await exported()
    expect([code, stderr]).toEqual([0, ''])
    await expect(withoutHashes(stdout)).toMatchFileSnapshot('../golden/cli/export.csv')
    const rows = parseCsv(stdout)
    for (const field of rows.flat()) {
      expect(field).not.toMatch(/^\s*[=+\-@]/)
      expect(field).not.toMatch(/\p{Cc}|\p{Cf}/u)
    }
    expect(new Set(rows.map((row) => row.length)).size).toBe(1)
  })

  it('has a byte order mark only where it is asked for', async () => {
    expect((await exported()).stdout.startsWith('Enqueued,')).toBe(true)
    expect((await exported('--bom')).stdout.startsWith('\ufeffEnqueued,')).toBe(true)
  })

  it('reads no further than its reader has taken', async () => {
    let asked = 0
    const waits: number[] = []
    const taken = async (): Promise<void> => {
      const wait = ++asked
      await setImmediate()
      waits.push(asked - wait)
    }
    const { stdout } = await cli(['export', '--from', '60d', '--format', 'jsonl'], { ...options, taken })
    expect(waits).toEqual(
      stdout
        .trimEnd()
        .split('\n')
        .map(() => 0),
    )
  })

  it('has each record once in both forms', async () => {
    const rows = parseCsv((await exported()).stdout).slice(1)
    const { stdout } = await exported('--format', 'jsonl')
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const places = rows.map((row) => `${row[22]}/${row[23]}/${row[24]}`)
    expect(new Set(places).size).toBe(places.length)
    expect(places).toEqual(
      lines.map(
        ({ position, ordinal = 0, of = 1 }) =>
          `${position.partition}/${position.sequenceNumber}/${ordinal + 1} of ${of}`,
      ),
    )
  })

  it('selects by category and by identity, whatever their case', async () => {
    const count = async (...words: string[]) => parseCsv((await exported(...words)).stdout).length - 1
    expect(await count('--category', 'riskyserviceprincipals')).toBe(1)
    expect(await count('--identity', 'EEEEEEEE-0000-4000-8000-000000000001')).toBe(1)
    expect(await count('--identity', 'ffffffff-0000-4000-8000-000000000001')).toBe(0)
    expect(
      await count('--category', 'RiskyServicePrincipals', '--category', 'ServicePrincipalRiskEvents'),
    ).toBe((await count()) - 2)
  })

  it('writes a new file for its owner, and never over another', async () => {
    const path = join(folder, 'all.csv')
    const first = await exported('--out', path)
    expect([first.code, first.stdout]).toEqual([0, ''])
    expect(first.stderr).toMatch(/^\d+ records written to /)
    expect(await readFile(path, 'utf8')).toBe((await exported()).stdout)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const second = await exported('--out', path)
    expect([second.code, second.stderr]).toEqual([3, expect.stringContaining('exists already')])
  })

  it.each([
    [['--case', 'x', '--out', 'y'], '--case writes both formats'],
    [['--case', 'x', '--format', 'csv'], '--case writes both formats'],
    [['--sign-key', 'x'], '--sign-key belongs to --case.'],
    [['--format', 'xml'], '--format: expected csv or jsonl.'],
    [['--format', 'jsonl', '--bom'], '--bom belongs to --format csv.'],
    [['--json'], 'For records use --format jsonl.'],
  ])('does not run as export %j', async (words, problem) => {
    const { code, stdout, stderr } = await exported(...words)
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(problem)])
  })
})

describe('export --case', () => {
  const filesIn = async (path: string): Promise<string[]> =>
    (await readdir(path, { recursive: true, withFileTypes: true }))
      .filter((one) => one.isFile() && one.name !== 'manifest.json')
      .map((one) => join(one.parentPath, one.name).slice(path.length + 1))

  const hashOf = async (path: string) =>
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex')

  it('is a folder whose manifest has the hash of every other file, and who, when, which query', async () => {
    const path = join(folder, 'case-1')
    const { code, stdout, stderr } = await exported('--case', path, '--category', 'RiskyServicePrincipals')
    expect([code, stdout, stderr]).toEqual([
      0,
      '',
      `1 record written to ${path}, 1 with a proof; the manifest is not signed.\n`,
    ])
    const manifest = JSON.parse(await readFile(join(path, 'manifest.json'), 'utf8'))
    const names = await filesIn(path)
    expect(Object.keys(manifest.files).sort()).toEqual(names.sort())
    for (const name of names) expect(manifest.files[name].sha256).toBe(await hashOf(join(path, name)))
    expect(manifest).toMatchObject({
      by: { user: 'operator', credential: 'connection string' },
      startedAt: '2026-04-02T09:00:00.000Z',
      tenantId: '11111111-2222-4333-8444-555555555555',
      query: { categories: ['RiskyServicePrincipals'], to: '2026-04-02T09:00:00.001Z' },
      found: { records: 1 },
      log: { origin: 'archive.example/evidence', isSigned: true },
      isSigned: false,
    })
    const [blob] = (await readFile(join(path, 'blobs.jsonl'), 'utf8')).trimEnd().split('\n')
    expect(JSON.parse(blob ?? '')).toMatchObject({ state: 'same', leaf: { type: 'archive', records: 1 } })
    expect(await readFile(join(path, 'README.txt'), 'utf8')).toContain('The manifest is not signed.')
  })

  it.skipIf(!hasTools('openssl'))('is signed so that openssl checks it', async () => {
    const key = join(folder, 'key.pem')
    await writeFile(key, newKeyPem())
    const path = join(folder, 'case-2')
    const { code, stdout } = await exported('--case', path, '--sign-key', key, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ case: path, isSigned: true, copies: 1 })
    // As the folder itself says.
    const command = /openssl dgst .*/.exec(await readFile(join(path, 'README.txt'), 'utf8'))?.[0] ?? ''
    const check = () => execSync(command, { cwd: path, encoding: 'utf8', stdio: 'pipe' })
    expect(check()).toBe('Verified OK\n')
    const manifest = join(path, 'manifest.json')
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('operator', 'nobody12'))
    expect(check).toThrow('Command failed')
  })

  it('takes no folder that is there, and no key that is none', async () => {
    const path = join(folder, 'there')
    await mkdir(path)
    const there = await exported('--case', path)
    expect([there.code, there.stderr]).toEqual([3, expect.stringContaining('exists already')])
    expect(await readdir(path)).toEqual([])
    const key = join(folder, 'no-key.pem')
    await writeFile(key, randomBytes(64))
    const none = await exported('--case', join(folder, 'other'), '--sign-key', key)
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('--sign-key: expected')])
  })
})

describe('a downloaded copy', () => {
  let copy: string
  beforeAll(async () => {
    copy = await newFolder()
    const account = BlobServiceClient.fromConnectionString(stored.azurite.connectionString)
    for (const container of ['archive', 'evidence', 'evidence-fixed'])
      for await (const { name } of account.getContainerClient(container).listBlobsFlat()) {
        const path = join(copy, container, name)
        await mkdir(dirname(path), { recursive: true })
        await account.getContainerClient(container).getBlobClient(name).downloadToFile(path)
      }
  })

  it.each([
    ['archive'],
    ['archive', '--from', '2026-04-01', '--json'],
    ['record', 'not JSON'],
    ['record', 'ffffffff-0000-4000-8000-000000000000'],
    ['export', '--from', '60d'],
    ['export', '--from', '60d', '--format', 'jsonl', '--category', 'ServicePrincipalRiskEvents'],
    ['export', '--from', '2h'],
  ])('says the same as the account to %s %s', async (...words) => {
    const offline = await cli([...words, '--dir', copy], { ...options, env: {} })
    expect(offline).toEqual(await cli(words, options))
    expect(offline.stdout.length).toBeGreaterThan(50)
  })

  it('says the same of a detection, and proves its record', async () => {
    const id = await detectionIdOf(6)
    const offline = await cli(['record', id, '--json', '--dir', copy], { ...options, env: {} })
    expect(offline).toEqual(await record(id, '--json'))
    const [{ event }] = JSON.parse(offline.stdout).records
    const proof = join(copy, 'proof.txt')
    expect(await cli(['prove', event.eventId, '--dir', copy, '--out', proof])).toMatchObject({ code: 0 })
    expect(await cli(['check-proof', proof])).toMatchObject({ code: 0 })
  })

  it('needs no app beside it, and has to be there', async () => {
    for (const name of ['archive', 'record x', 'export']) {
      const words = name.split(' ')
      expect(await cli([...words, '--dir', copy, '--local'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--dir and --account need no app'),
      })
      expect(await cli([...words, '--dir', join(copy, 'nothing')])).toMatchObject({
        code: 3,
        stderr: expect.stringContaining('ENOENT'),
      })
    }
  })

  it('with an entry that is not the one that was signed names the log, and the command that says more', async () => {
    const damaged = await newFolder()
    await cp(copy, damaged, { recursive: true })
    const log = join(damaged, 'evidence')
    const bundles = (await readdir(log, { recursive: true })).filter((one) => one.includes('entries'))
    for (const name of bundles) {
      const path = join(log, name)
      if (!(await stat(path)).isFile()) continue
      const entries = await readFile(path, 'latin1')
      await writeFile(path, entries.replaceAll('"bytes":1', '"bytes":2'), 'latin1')
    }
    for (const words of [['archive'], ['record', 'not JSON']])
      expect(await cli([...words, '--dir', damaged], options)).toMatchObject({
        code: 3,
        stderr: expect.stringContaining('Run risk-export verify'),
      })
  })

  it('with a damaged blob names the blob, and the command that says more', async () => {
    const damaged = await newFolder()
    await cp(copy, damaged, { recursive: true })
    const name = (await readdir(join(damaged, 'archive'), { recursive: true })).find((one) =>
      one.endsWith('.gz'),
    )
    await truncate(join(damaged, 'archive', name ?? ''), 40)
    for (const words of [['archive'], ['record', 'x'], ['export', '--from', '60d']])
      expect(await cli([...words, '--dir', damaged], options)).toMatchObject({
        code: 3,
        stderr: `${name?.replaceAll('\\', '/')} cannot be read as an archive blob: risk-export verify says more.\n`,
      })
  })
})

describe('after an archive blob was changed', () => {
  it('record and case say so', async () => {
    const id = await detectionIdOf(5)
    const [before] = JSON.parse((await record(id, '--json')).stdout).records
    const name = before.copies[0].blob
    const blob = BlobServiceClient.fromConnectionString(stored.azurite.connectionString)
      .getContainerClient('archive')
      .getBlockBlobClient(name)
    const content = await blob.downloadToBuffer()
    // Another header: decompresses to the same content.
    content[9] = (content[9] ?? 0) ^ 1
    await blob.upload(content, content.byteLength)
    const { code, stdout } = await record(id)
    expect(code).toBe(1)
    expect(stdout).toContain('CHANGED: the blob is not what its leaf says')
    const path = join(folder, 'case-3')
    await exported('--case', path)
    const states = (await readFile(join(path, 'blobs.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ state }) => state === 'changed')
    expect(states.map((one) => one.blob)).toEqual([name])
  })
})
