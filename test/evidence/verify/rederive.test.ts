import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildChunk } from '../../../shared/archive/chunk.ts'
import { parseLine } from '../../../shared/archive/parse-line.ts'
import { DETECTION_LANGUAGES } from '../../../shared/domain/catalogue-entry.ts'
import { digest } from '../../../shared/encoding/digest.ts'
import { linesOf } from '../../../shared/evidence/blob-content.ts'
import type { Leaf } from '../../../shared/evidence/leaf.ts'
import { Rederivation } from '../../../shared/evidence/verify/rederive.ts'
import { blobsOfVersion } from '../../../shared/evidence/verify/rederived-blobs.ts'
import { Rereading } from '../../../shared/evidence/verify/rereading.ts'
import { readMessage } from '../../../shared/source/read-message.ts'
import { cli } from '../../cli/cli-under-test.ts'
import { anyBody } from '../../property/source-arbitraries.ts'
import { messageOf, settings } from '../../source/reading-under-test.ts'
import { runLength } from '../../support/run-length.ts'
import { type CopyOptions, folderOf, sealedCopy } from './sealed-copy.ts'

/** What differs in each line of a chunk of these bodies. */
function differingIn(bodies: readonly Buffer[], language: (typeof DETECTION_LANGUAGES)[number]) {
  const chunk = buildChunk(bodies.map((body) => readMessage(messageOf(body), { ...settings, language })))
  const rederivation = new Rederivation(new Rereading())
  return [...linesOf(chunk.content)].flatMap((bytes, number) => {
    const line = parseLine(bytes, chunk.blob, number)
    return line.kind === 'event' || line.kind === 'fault'
      ? [...rederivation.differingIn(line, bytes, digest(line.record))]
      : []
  })
}

describe('a line made again from its record', () => {
  it('is the same for any bytes that the hub may bring, in every language', () => {
    fc.assert(
      fc.property(
        fc.array(anyBody, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...DETECTION_LANGUAGES),
        (bodies, language) => {
          expect(differingIn(bodies, language)).toEqual([])
        },
      ),
      { numRuns: runLength(150, 500) },
    )
  })

  it('finds the language in which detections were named', () => {
    const record =
      '{"category":"ServicePrincipalRiskEvents","properties":{"id":"a","riskEventType":"leakedCredentials","riskLevel":"high","servicePrincipalId":"b","lastUpdatedDateTime":"2026-11-02T08:00:00Z"}}'
    const body = Buffer.from(`{"records":[${record},${record}]}`)
    for (const language of DETECTION_LANGUAGES) expect(differingIn([body], language), language).toEqual([])
  })
})

async function verdictOf(options: CopyOptions) {
  const { files } = await sealedCopy(options)
  const { code, stdout } = await cli(['verify', '--json', '--dir', await folderOf(files)])
  const json = JSON.parse(stdout)
  const findings: readonly { readonly class: string; readonly detail: string }[] = json.findings
  return { code, looked: json.looked, findings: findings.filter((one) => one.class !== 'KEY_NOT_GIVEN') }
}

const lower = (line: string): string => line.replace('"level":"high"', '"level":"none"')

describe('verification of lines that were forged before they were sealed', () => {
  it('counts the lines that follow from their records', async () => {
    expect((await verdictOf({})).looked).toMatchObject({ records: 5, rederived: 5 })
  })

  it.each([
    ['event.risk.level', lower],
    ['factKey', (line: string) => line.replace(/"factKey":"[^"]*"/, '"factKey":"another"')],
    ['eventId', (line: string) => line.replace(/("eventId":")[^"]*(".*"eventId":")[^"]*"/, '$1a$2a"')],
    ['category', (line: string) => line.replace('"category":"Risky', '"category":"Other')],
    ['event.extra.n', (line: string) => line.replace(/("event":.*"n":)\d+(.*"record":)/, '$19$2')],
  ])('finds another %s, and names it', async (name, forge) => {
    const { code, findings } = await verdictOf({
      forge,
      seals: [[0]],
      partitions: [{ lastSequenceNumber: 0 }],
    })
    expect(code).toBe(1)
    expect(findings.map((one) => one.class)).toEqual(['RECORD_CHANGED'])
    expect(findings[0]?.detail).toContain(name)
    expect(findings[0]?.detail).not.toContain('none')
  })

  it('finds a record that can be read but stands as a fault', async () => {
    const forge = (line: string): string =>
      line.replace(
        /"factKey".*,"recordBytes"/,
        '"fault":{"code":"fieldInvalid","scope":"record","message":"x"},"recordBytes"',
      )
    const { code, findings } = await verdictOf({ forge })
    expect(code).toBe(1)
    expect(findings[0]).toMatchObject({ class: 'RECORD_CHANGED' })
    expect(findings[0]?.detail).toContain('fault')
  })

  it('only counts what another version of the program may have written', async () => {
    const { code, looked, findings } = await verdictOf({ forge: lower, versions: ['0.0.9', '0.0.9'] })
    expect(code).toBe(0)
    expect(looked.rederived).toBe(0)
    expect(findings).toMatchObject([{ class: 'NOT_REDERIVED' }])
    expect(findings[0]?.detail).toMatch(/^5 lines/)
  })
})

describe('the version that wrote a blob', () => {
  const log = (...versions: readonly string[]): readonly (Leaf | undefined)[] =>
    versions.flatMap((programVersion, at) => [
      { type: 'archive', name: `blob ${at}` } as Leaf,
      undefined,
      { type: 'seal', programVersion } as Leaf,
    ])

  it('is that of its seal if the seals before were of the same', () => {
    expect([...blobsOfVersion('2', log('2', '2'))]).toEqual(['blob 0', 'blob 1'])
    expect([...blobsOfVersion('2', log('1', '1', '2', '2', '2', '2'))]).toEqual(['blob 4', 'blob 5'])
    expect([...blobsOfVersion('2', log('2', '2', '3', '2'))]).toEqual(['blob 0', 'blob 1'])
  })

  it('is unknown for a blob that is not sealed', () => {
    expect([...blobsOfVersion('2', [{ type: 'archive', name: 'a' } as Leaf])]).toEqual([])
  })
})
