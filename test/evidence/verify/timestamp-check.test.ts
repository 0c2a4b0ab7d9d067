import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkTimestamp, parseCertificates } from '../../../shared/evidence/verify/timestamp-check.ts'
import { parseTimestampToken } from '../../../shared/evidence/verify/timestamp-token.ts'
import { cli } from '../../cli/cli-under-test.ts'
import { OwnTimestampAuthority } from '../../support/own-timestamp-authority.ts'
import { folderOf, sealedCopy } from './sealed-copy.ts'

const CONTENT = Buffer.from('archive.example/evidence\n5\nroot\n')
let tsa: OwnTimestampAuthority
let token: Buffer
beforeAll(() => {
  tsa = new OwnTimestampAuthority()
  token = tsa.stamp(CONTENT)
})
afterAll(() => tsa.remove())

const trusted = (name: string) => parseCertificates(tsa.read(`${name}.pem`).toString()) ?? []
const checked = (answer: Buffer, content = CONTENT, authority = 'ca') =>
  checkTimestamp(answer, content, trusted(authority))
const problem = (answer: Buffer, content = CONTENT, authority = 'ca'): string => {
  const verdict = checked(answer, content, authority)
  return verdict.status === 'bad' ? verdict.problem : 'verified'
}

describe('a time stamp is verified, and openssl agrees', () => {
  it('if the given certificate certifies its authority, and tells its time', () => {
    expect(checked(token)).toEqual({ status: 'verified', genTime: expect.any(Number) })
    const { genTime } = parseTimestampToken(token) ?? { genTime: 0 }
    expect(Math.abs(Date.now() - genTime)).toBeLessThan(120_000)
    expect(tsa.accepts(token, CONTENT)).toBe(true)
  })

  it.each(['ec', 'p384', 'rsa'] as const)('by a key of kind %s, and with each hash', (key) => {
    tsa.issue(key, 'ca', 'signer', key)
    for (const digest of ['sha256', 'sha384', 'sha512']) {
      const answer = tsa.stamp(CONTENT, { signer: key, digest })
      expect([problem(answer), tsa.accepts(answer, CONTENT)], digest).toEqual(['verified', true])
    }
  })

  it('over a certificate between that it contains, and not without that', () => {
    tsa.issue('middle', 'ca', 'authority')
    tsa.issue('below', 'middle', 'signer')
    const answer = tsa.stamp(CONTENT, { signer: 'below', chain: 'middle.pem' })
    expect([problem(answer), tsa.accepts(answer, CONTENT)]).toEqual(['verified', true])
    const without = tsa.stamp(CONTENT, { signer: 'below' })
    expect(problem(without)).toBe('its authority is not certified by what --tsa-ca gives')
    expect(tsa.accepts(without, CONTENT)).toBe(false)
  })
})

describe('a time stamp is bad, and openssl agrees', () => {
  it('under another authority', () => {
    tsa.root('other')
    expect(problem(token, CONTENT, 'other')).toBe('its authority is not certified by what --tsa-ca gives')
    expect(tsa.accepts(token, CONTENT, 'other')).toBe(false)
  })

  it('of another content', () => {
    const other = Buffer.concat([CONTENT, Buffer.from('\n')])
    expect(problem(token, other)).toBe('not of the stored checkpoint')
    expect(tsa.accepts(token, other)).toBe(false)
  })

  it.each(['tls', 'both', 'lenient', 'none'] as const)(
    'by a certificate that is not for time stamps alone: %s',
    (purpose) => {
      tsa.issue(`with-${purpose}`, 'ca', purpose)
      const answer = tsa.forge(token, `with-${purpose}`)
      expect(problem(answer)).toBe('its certificate is not one for time stamps alone')
      expect(tsa.accepts(answer, CONTENT)).toBe(false)
    },
  )

  it.each([
    ['2040', 2_208_988_801],
    ['2001', 978_307_201],
  ])('by a certificate that was not valid at its time, in %s', (year, seconds) => {
    const answer = tsa.forge(token, 'tsa', (info) => {
      const at = info.indexOf(/\d{14}Z/.exec(info.toString('latin1'))?.[0] ?? '-')
      info.write(`${year}0101000001`, at, 'latin1')
      return info
    })
    expect(problem(answer)).toBe('a certificate of its authority was not valid at its time')
    expect(tsa.accepts(answer, CONTENT, 'ca', ['-attime', String(seconds)])).toBe(false)
  })

  it('by who is certified by somebody that may not certify', () => {
    tsa.issue('under-tsa', 'tsa', 'signer')
    const answer = tsa.stamp(CONTENT, { signer: 'under-tsa', chain: 'tsa.pem' })
    expect(problem(answer)).toBe('its authority is not certified by what --tsa-ca gives')
    expect(tsa.accepts(answer, CONTENT)).toBe(false)
  })

  it('without the attribute that names its certificate', () => {
    const answer = tsa.forge(token, 'tsa', undefined, [])
    expect(problem(answer)).toBe('not a granted time stamp')
    expect(tsa.accepts(answer, CONTENT)).toBe(false)
  })

  it('if it was refused', () => {
    const refused = Buffer.from(token)
    // The status of the answer: the first integer.
    const at = refused.indexOf(Buffer.from('020100', 'hex'))
    refused[at + 2] = 2
    expect(problem(refused)).toBe('not a granted time stamp')
    expect(tsa.accepts(refused, CONTENT)).toBe(false)
  })

  it('with any byte flipped that openssl does not accept either', () => {
    const differing: number[] = []
    for (let at = 0; at < token.length; at += 1) {
      const flipped = Buffer.from(token)
      flipped[at] = (flipped[at] ?? 0) ^ 0x01
      // What openssl refuses must not be verified here; calling it for each byte takes long.
      if (checked(flipped).status === 'verified') differing.push(at)
    }
    const loose = differing.filter((at) => {
      const flipped = Buffer.from(token)
      flipped[at] = (flipped[at] ?? 0) ^ 0x01
      return !tsa.accepts(flipped, CONTENT)
    })
    tsa.write('token.tsr', token)
    expect(loose).toEqual([])
    expect(differing.length).toBeLessThan(token.length / 10)
  })

  it('with any byte missing', () => {
    for (let end = 0; end < token.length; end += 1)
      expect(problem(token.subarray(0, end)), String(end)).toBe('not a granted time stamp')
  })
})

describe('risk-export verify --tsa-ca', () => {
  const verdictOf = async (authority: string, timestamp: (content: Buffer) => Promise<Buffer>) => {
    const { files, publicKey } = await sealedCopy({ timestamp })
    const trust = await folderOf(
      new Map([
        ['key', publicKey],
        ['ca', tsa.read(`${authority}.pem`).toString()],
      ]),
    )
    const dir = await folderOf(files)
    const words = ['verify', '--json', '--dir', dir, '--key', `${trust}/key`, '--tsa-ca', `${trust}/ca`]
    const { code, stdout } = await cli(words)
    const json = JSON.parse(stdout)
    return { code, log: json.log, classes: json.findings.map((one: { class: string }) => one.class) }
  }

  it('verifies the time stamps of all checkpoints', async () => {
    const { code, log, classes } = await verdictOf('ca', async (content) => tsa.stamp(content))
    expect({ code, classes }).toEqual({ code: 0, classes: [] })
    expect(log).toMatchObject({ timestamps: 2, timestampsVerified: 2 })
  })

  it('finds those of a foreign authority', async () => {
    tsa.root('foreign')
    const { code, log, classes } = await verdictOf('foreign', async (content) => tsa.stamp(content))
    expect({ code, classes }).toEqual({ code: 1, classes: ['TIMESTAMP_BAD', 'TIMESTAMP_BAD'] })
    expect(log.timestampsVerified).toBe(0)
  })

  it('refuses a file that holds no certificate', async () => {
    const trust = await folderOf(new Map([['ca', 'no certificate']]))
    const { files } = await sealedCopy()
    const { code, stderr } = await cli(['verify', '--dir', await folderOf(files), '--tsa-ca', `${trust}/ca`])
    expect(code).toBe(3)
    expect(stderr).toContain('expected certificates, as PEM')
  })
})
