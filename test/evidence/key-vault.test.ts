import { generateKeyPairSync, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createLocalAuthority, type LocalAuthority } from '../../local/emulators/tls/local-authority.ts'
import { trustingClient } from '../../shared/composition/trusting-client.ts'
import { derSignature } from '../../shared/evidence/keys/ecdsa-signature.ts'
import { keyVaultKeys, vaultScope } from '../../shared/evidence/keys/key-vault-keys.ts'
import type { SigningKeys } from '../../shared/evidence/keys/signing-keys.ts'
import { keyIdOf, publicKeyOf } from '../../shared/evidence/note.ts'
import { seal } from '../../shared/evidence/seal/seal.ts'
import { aBlob, MemoryArchive, MemoryLog, OPTIONS, portsOf, readLog } from '../support/evidence-world.ts'
import { type EmulatedKeyVault, startKeyVault, VAULT_CREDENTIAL } from './emulated-key-vault.ts'

let authority: LocalAuthority
let vault: EmulatedKeyVault
let keys: SigningKeys
beforeAll(async () => {
  authority = await createLocalAuthority()
})
beforeEach(async () => {
  vault = await startKeyVault(authority, 'evidence')
  keys = keyVaultKeys({
    vaultUri: vault.uri,
    keyName: 'evidence',
    credential: VAULT_CREDENTIAL,
    httpClient: trustingClient(authority.caPem),
  })
  return () => vault.stop()
})

const TEXT = Buffer.from('archive.example/evidence\n1\nroot\n')

describe('a key in Key Vault', () => {
  it('signs in the form of notes and openssl', async () => {
    const key = await keys.current()
    const publicKey = publicKeyOf(key.spki)
    if (publicKey === undefined) throw new Error('no P-256 key')
    for (let i = 0; i < 40; i += 1)
      expect(verify('sha256', TEXT, publicKey, await keys.sign(key, TEXT))).toBe(true)
    expect(key.location).toMatch(/^https:\/\/localhost:\d+\/keys\/evidence\/[0-9a-f]{32}$/)
  })

  it('is found by its id among all versions', async () => {
    const first = await keys.current()
    vault.rotate()
    vault.rotate()
    const id = keyIdOf(first.spki)
    expect((await keys.find(id))?.location).toBe(first.location)
    expect(keyIdOf((await keys.current()).spki)).not.toBe(id)
    expect(await keys.find('00000000')).toBeUndefined()
  })

  it('signs a log through a rotation, and each checkpoint by the version that the log announced', async () => {
    const archive = new MemoryArchive()
    const log = new MemoryLog()
    const ports = portsOf(archive, log, { keys })
    const signers: (string | undefined)[] = []
    for (let n = 0; n < 3; n += 1) {
      archive.add(aBlob(n))
      archive.nowMs += 3_600_000
      await seal(ports, OPTIONS)
      signers.push(readLog(log.files, log.published).newest?.note.signatures[0]?.keyId)
      if (n === 0) vault.rotate()
    }
    expect(signers[1]).toBe(signers[0])
    expect(signers[2]).toBe(keyIdOf((await keys.current()).spki))
    expect(signers[2]).not.toBe(signers[0])
  })

  it('that is disabled before its successor was announced ends the log with an error', async () => {
    const archive = new MemoryArchive()
    const log = new MemoryLog()
    await seal(portsOf(archive, log, { keys }), OPTIONS)
    vault.rotate()
    vault.disable(0)
    archive.nowMs += 3_600_000
    await expect(seal(portsOf(archive, log, { keys }), OPTIONS)).rejects.toMatchObject({ code: 'keyAnswer' })
  })

  it('is asked again when the vault is busy, and reported when it stays so', async () => {
    vault.fails.status = 503
    vault.fails.times = 2
    await expect(keys.current()).resolves.toBeDefined()
    vault.fails.times = 1
    vault.fails.status = 403
    await expect(keys.current()).rejects.toMatchObject({ code: 'keyAnswer' })
  }, 20_000)

  it('must be one of P-256', async () => {
    vault.rotate('P-384')
    await expect(keys.current()).rejects.toMatchObject({ code: 'keyAnswer' })
  })

  it('is asked for nowhere but under its own name', async () => {
    const key = await keys.current()
    const asked = vault.asked.length
    for (const location of [
      'https://elsewhere.example/keys/evidence/1',
      `${vault.uri}/keys/other/1`,
      `${vault.uri}/secrets/x`,
    ])
      await expect(keys.sign({ ...key, location }, TEXT)).rejects.toMatchObject({ code: 'keyAnswer' })
    expect(vault.asked).toHaveLength(asked)
  })

  it('has the audience of its cloud', () => {
    expect(vaultScope('https://kv-risk.vault.azure.net')).toBe('https://vault.azure.net/.default')
    expect(vaultScope('https://kv-risk.vault.azure.cn')).toBe('https://vault.azure.cn/.default')
  })
})

describe('the DER of a signature', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

  it('says the same as its two numbers', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const numbers = sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' })
        expect(verify('sha256', bytes, publicKey, derSignature(numbers))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('has numbers in their shortest form, and never negative ones', () => {
    const of = (r: number, s: number) =>
      derSignature(Buffer.concat([Buffer.alloc(31), Buffer.of(r), Buffer.alloc(31), Buffer.of(s)])).toString(
        'hex',
      )
    expect(of(1, 0x7f)).toBe('300602010102017f')
    expect(of(0x80, 0)).toBe('3007020200800201' + '00')
  })
})
