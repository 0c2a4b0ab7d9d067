import { createPublicKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { cli } from '../../cli/cli-under-test.ts'
import { newKeyPem } from '../../support/evidence-world.ts'
import { runLength } from '../../support/run-length.ts'
import { folderOf, type SealedCopy, sealedCopy } from './sealed-copy.ts'

const eventIdIn = ({ files }: SealedCopy, sequenceNumber: number): string => {
  const name =
    [...files.keys()].find((one) => one.includes(`p=0/${String(sequenceNumber).padStart(20, '0')}-`)) ?? ''
  return JSON.parse(gunzipSync(files.get(name) as Buffer).toString()).eventId
}

async function proofOf(copy: SealedCopy, sequenceNumber = 3) {
  const folder = await folderOf(copy.files)
  const eventId = eventIdIn(copy, sequenceNumber)
  const said = await cli(['prove', eventId, '--dir', folder])
  return { eventId, ...said }
}

async function checked(text: string, ...words: readonly string[]) {
  const folder = await folderOf(new Map([['proof.txt', text]]))
  return cli(['check-proof', `${folder}/proof.txt`, ...words])
}

describe('the proof of a record', () => {
  it('is one file that needs nothing else', async () => {
    const copy = await sealedCopy()
    const { eventId, stdout, code } = await proofOf(copy)
    expect(code).toBe(0)
    const folder = await folderOf(new Map([['key.pem', copy.publicKey]]))
    const found = await checked(stdout, '--key', `${folder}/key.pem`)
    expect(found.code).toBe(0)
    expect(found.stdout).toContain('PROVEN')
    expect(found.stdout).toContain(eventId)
  })

  it('can be written to a file', async () => {
    const copy = await sealedCopy()
    const folder = await folderOf(copy.files)
    const out = `${folder}/record.txt`
    expect(await cli(['prove', eventIdIn(copy, 1), '--dir', folder, '--out', out])).toMatchObject({
      code: 0,
      stdout: '',
    })
    expect((await checked(await readFile(out, 'utf8'))).code).toBe(0)
  })

  it('still holds with the line ends of Windows', async () => {
    const { stdout } = await proofOf(await sealedCopy())
    expect((await checked(stdout.replaceAll('\n', '\r\n'))).code).toBe(0)
  })

  it('proves nothing with a key that did not sign', async () => {
    const { stdout } = await proofOf(await sealedCopy())
    const pem = createPublicKey(newKeyPem()).export({ format: 'pem', type: 'spki' }).toString()
    const folder = await folderOf(new Map([['key.pem', pem]]))
    expect(await checked(stdout, '--key', `${folder}/key.pem`)).toMatchObject({ code: 1 })
  })

  it('proves nothing once a character of line, leaf, path, checkpoint or blob is another', async () => {
    const { stdout } = await proofOf(await sealedCopy())
    const parts = ['ARCHIVE LINE', 'LEAF', 'TLOG PROOF', 'ARCHIVE BLOB']
    const passed: string[] = []
    for (const part of parts) {
      const start = stdout.indexOf(`-----BEGIN ${part}-----\n`) + `-----BEGIN ${part}-----\n`.length
      const end = stdout.indexOf(`\n-----END ${part}-----`)
      for (let at = start; at < end; at += runLength(29, 7)) {
        const changed = `${stdout.slice(0, at)}${stdout[at] === 'A' ? 'B' : 'A'}${stdout.slice(at + 1)}`
        if ((await checked(changed)).code === 0) passed.push(`${part}, ${at - start}`)
      }
    }
    expect(passed).toEqual([])
  })

  it('is not made of an event that is not archived, or not sealed', async () => {
    const copy = await sealedCopy({ tail: [5] })
    const folder = await folderOf(copy.files)
    expect(await cli(['prove', 'nothing', '--dir', folder])).toMatchObject({ code: 1, stdout: '' })
    const unsealed = await cli(['prove', eventIdIn(copy, 5), '--dir', folder])
    expect(unsealed).toMatchObject({ code: 1, stdout: '' })
    expect(unsealed.stderr).toContain('not in the log yet')
  })
})
