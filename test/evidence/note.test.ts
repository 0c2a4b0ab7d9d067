import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { checkpointText, parseCheckpoint } from '../../shared/evidence/checkpoint.ts'
import { EMPTY_ROOT } from '../../shared/evidence/merkle.ts'
import {
  type Note,
  noteBytes,
  parseNote,
  parsePublicKeyPem,
  parseVerifierKey,
  publicKeyPem,
  type VerifierKey,
  verifierKeyOf,
  verifierKeyText,
  verifyNote,
} from '../../shared/evidence/note.ts'

// ECDSA keys and notes of public logs, as github.com/transparency-dev/formats tests them.
const REKOR_KEY =
  'rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc='
const REKOR_NOTE =
  'Rekor\n798034\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0=\n\n— rekor.sigstore.dev wNI9ajBEAiARInWIWyCdyG27CO6LPnPekyw20qO0YJfoaPaowGp/XgIgc+qEHS3+GKVClgqq20uDLet7MCoTURUCRdxwWBHHufk=\n'
const PIXEL_KEY =
  'pixel6_transparency_log+91c16e30+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABN+4x0Jk1yTwvLFI9A4NDdGZcX0aiWVdWM5XJVy0M4VWD3AvyW5Q6Hs9A0mcDkpUoYgn+KKPNzFC0H3nN3q6JQ8='
const PIXEL_NOTE =
  'DEFAULT\n10\nbsWRucJU5xJPHb5eBdOm6+DM+VelCZBuvtI3sHERJ9Y=\n\n— pixel6_transparency_log kcFuMDBFAiEAhqMAP8P6qf6QxtUJhzMhbN+MbZ9dwfUHzGQJmffJHtoCIGD0cNe47dHWBoPwYdgBCepB06/+g5O1FmYjXl06owL4\n'

// Notes of golang.org/x/mod/sumdb/note.
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const PETER =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
const ENOCH =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n'

const parsed = (text: string): Note => {
  const note = parseNote(Buffer.from(text))
  if (note === undefined) throw new Error('malformed')
  return note
}
const keyOf = (text: string): VerifierKey => {
  const key = parseVerifierKey(text)
  if (key === undefined) throw new Error('malformed')
  return key
}

const folder = mkdtempSync(join(tmpdir(), 'note-'))
afterAll(() => rmSync(folder, { recursive: true }))

const newKey = (): { spki: Buffer; privateKey: KeyObject } => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { spki: publicKey.export({ format: 'der', type: 'spki' }), privateKey }
}

describe('a signed note of C2SP', () => {
  it.each([
    ['Rekor', REKOR_KEY, REKOR_NOTE],
    ['Pixel 6', PIXEL_KEY, PIXEL_NOTE],
  ])('of the public log %s is verified by its ECDSA key', (_, key, text) => {
    const note = parsed(text)
    expect(verifyNote(note, [keyOf(key)])).toEqual({ status: 'signed', keys: [keyOf(key)] })
    expect(noteBytes(note).toString()).toBe(text)
    expect(verifierKeyText(keyOf(key))).toBe(key)
    expect(verifyNote({ ...note, text: `${note.text}more\n` }, [keyOf(key)]).status).toBe('bad')
  })

  it('by an unknown key is not verified, though its name or its id is known', () => {
    const rekor = keyOf(REKOR_KEY)
    const note = parsed(REKOR_NOTE)
    expect(verifyNote(note, [])).toEqual({ status: 'unknownKey', keyIds: ['c0d23d6a'] })
    expect(verifyNote(note, [{ ...rekor, name: 'other' }]).status).toBe('unknownKey')
    expect(verifyNote(note, [{ ...keyOf(PIXEL_KEY), name: rekor.name }]).status).toBe('unknownKey')
  })

  it('with several signatures is read as golang.org/x/mod reads it', () => {
    const note = parsed(`${TEXT}\n${PETER}${ENOCH}`)
    expect(note.text).toBe(TEXT)
    expect(note.signatures.map(({ keyName, keyId }) => [keyName, keyId])).toEqual([
      ['PeterNeumann', 'c74f20a3'],
      ['EnochRoot', 'af0cfe78'],
    ])
  })

  // The malformed notes of golang.org/x/mod.
  it.each([
    ['no signatures', TEXT],
    ['a signature without its line feed', `${TEXT}\n${PETER.slice(0, -1)}`],
    ['a control character', `\u0001${TEXT}\n${PETER}`],
    ['a space in a key name', `${TEXT}\n${PETER.replace('PeterNeumann', 'Bad Name')}`],
    ['a plus in a key name', `${TEXT}\n${PETER.replace('PeterNeumann', 'Bad+Name')}`],
    ['a line that is no signature', `${TEXT}\n${PETER}Unexpected line.\n`],
    ['too many signatures', `${TEXT}\n${PETER.repeat(101)}`],
    ['a signature of a key id alone', `${TEXT}\n— PeterNeumann x08gow==\n`],
    ['nothing', ''],
    ['an empty text', `\n\n${PETER}`],
  ])('is malformed with %s', (_, text) => {
    expect(parseNote(Buffer.from(text))).toBeUndefined()
  })

  it('is malformed if it is not UTF-8, or longer than any note', () => {
    expect(parseNote(Buffer.concat([Buffer.of(0xff), Buffer.from(`${TEXT}\n${PETER}`)]))).toBeUndefined()
    expect(parseNote(Buffer.from(`${'a'.repeat(70_000)}\n\n${PETER}`))).toBeUndefined()
  })

  it('may have empty lines in its text', () => {
    expect(parsed(`a\n\nb\n\n${PETER}`).text).toBe('a\n\nb\n')
  })

  it('of a log without a key says that nobody signed it', () => {
    const note: Note = { text: TEXT, signatures: [] }
    expect(parseNote(noteBytes(note))).toEqual(note)
    expect(verifyNote(note, [])).toEqual({ status: 'unsigned' })
  })

  it('is verified by openssl alone', () => {
    const { spki, privateKey } = newKey()
    const text = checkpointText({ origin: 'log.example/evidence', size: 0, root: EMPTY_ROOT })
    const key = verifierKeyOf('log.example/evidence', spki)
    const signature = sign('sha256', Buffer.from(text), privateKey)
    const stored = noteBytes({ text, signatures: [{ keyName: key.name, keyId: key.keyId, signature }] })
    const line = stored.toString().trimEnd().split('\n').at(-1) ?? ''
    writeFileSync(join(folder, 'text'), text)
    writeFileSync(join(folder, 'signature'), Buffer.from(line.split(' ')[2] ?? '', 'base64').subarray(4))
    writeFileSync(join(folder, 'key.pem'), publicKeyPem(spki))
    const openssl = () =>
      execFileSync('openssl', ['dgst', '-sha256', '-verify', 'key.pem', '-signature', 'signature', 'text'], {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    expect(openssl().trim()).toBe('Verified OK')
    writeFileSync(join(folder, 'text'), text.replace('\n0\n', '\n1\n'))
    expect(openssl).toThrow('Command failed')
    expect(parsePublicKeyPem(readFileSync(join(folder, 'key.pem'), 'utf8'))).toEqual(spki)
  })

  it('has keys of P-256 only', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey
    const ed = generateKeyPairSync('ed25519').publicKey
    for (const key of [other, ed]) {
      const spki = key.export({ format: 'der', type: 'spki' })
      expect(parseVerifierKey(verifierKeyText(verifierKeyOf('name', spki)))).toBeUndefined()
      expect(parsePublicKeyPem(String(key.export({ format: 'pem', type: 'spki' })))).toBeUndefined()
    }
    expect(
      parseVerifierKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'),
    ).toBeUndefined()
    // Each mangling that the tests of the other implementation name.
    for (const bad of [
      'rekor.sigstore.dev+12344556',
      REKOR_KEY.replace('c0d23d6a', '00000000'),
      `${REKOR_KEY}A`,
      '',
    ])
      expect(parseVerifierKey(bad), bad).toBeUndefined()
  })

  it('never throws for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => [parseNote(bytes), parseCheckpoint(bytes)]).not.toThrow()
      }),
    )
  })
})

describe('a checkpoint of C2SP', () => {
  // The example of the specification.
  const EXAMPLE =
    'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n'

  it('is read as the specification shows it', () => {
    const read = parseCheckpoint(Buffer.from(EXAMPLE))
    expect(read).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 })
    expect(read === undefined ? '' : checkpointText(read)).toBe(EXAMPLE.slice(0, EXAMPLE.indexOf('\n\n') + 1))
  })

  it.each([
    ['a size with a leading zero', EXAMPLE.replace('20852163', '020852163')],
    ['a size that no number holds', EXAMPLE.replace('20852163', '9007199254740993')],
    ['a negative size', EXAMPLE.replace('20852163', '-1')],
    ['a short root', EXAMPLE.replace('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'CsUY')],
    ['a root in another form', EXAMPLE.replace('jxq2I=', 'jxq2J=')],
    ['no origin', EXAMPLE.replace('example.com/behind-the-sofa\n', '\n')],
    ['an empty extension line', EXAMPLE.replace('\n\n', '\n\nmore\n\n')],
  ])('is malformed with %s', (_, text) => {
    expect(parseCheckpoint(Buffer.from(text))).toBeUndefined()
  })

  it('may have extension lines', () => {
    expect(parseCheckpoint(Buffer.from(EXAMPLE.replace('\n\n', '\nmore\n\n')))?.size).toBe(20_852_163)
  })
})
