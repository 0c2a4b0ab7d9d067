import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod } from 'node:fs/promises'
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { AccountSASPermissions, BlobServiceClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createLocalAuthority } from '../../../local/emulators/tls/local-authority.ts'
import { cli } from '../../cli/cli-under-test.ts'
import { NO_HUB, settingsFor } from '../../cli/stored-situation.ts'
import { type StorageAccount, storageAccount } from '../../support/storage-account.ts'
import { storeCopy } from './copy-in-account.ts'
import { folderOf, type SealedCopy, sealedCopy } from './sealed-copy.ts'

let azurite: StorageAccount
let copy: SealedCopy
let url: string
beforeAll(async () => {
  ;[azurite, copy] = await Promise.all([storageAccount(), sealedCopy()])
  await storeCopy(azurite, copy.files)
  url = azurite.blobUrl
})
afterAll(() => azurite.stop())

const keyFile = async () => `${await folderOf(new Map([['key.pem', copy.publicKey]]))}/key.pem`

/** Verifies as told, with the key that signed. */
async function verified(words: readonly string[], env = {}) {
  const { code, stdout, stderr } = await cli(['verify', '--json', '--key', await keyFile(), ...words], {
    env,
  })
  return { code, stderr, json: stdout === '' ? undefined : JSON.parse(stdout) }
}

/** Azurite has no write protection, and `verify` says so. */
const UNLOCKED = ['archive', 'evidence-fixed'].map((subject) => ({ class: 'POLICY_UNLOCKED', subject }))

describe('verify --account', () => {
  it('needs nothing but the address, and says the same as of a downloaded copy and of the settings', async () => {
    const inAccount = await verified(['--account', url])
    expect(inAccount).toMatchObject({ code: 0, stderr: '', json: { status: 'ok' } })
    expect(inAccount.json.looked).toMatchObject({ blobs: 5, records: 5, unchanged: 5, missing: 0 })
    expect(inAccount.json.findings).toMatchObject(UNLOCKED)
    const downloaded = await verified(['--dir', await folderOf(copy.files)])
    expect(downloaded).toEqual({ ...inAccount, json: { ...inAccount.json, findings: [] } })
    expect(await verified([], settingsFor(azurite, NO_HUB))).toEqual(inAccount)
    expect(await verified(['--account', `${url}/`])).toEqual(inAccount)
  })

  it('finds what was removed and changed', async () => {
    const damaged = await storageAccount()
    onTestFinished(() => damaged.stop())
    const files = new Map(copy.files)
    const [first = '', second = ''] = [...files.keys()].filter((name) => name.startsWith('archive/'))
    files.delete(first)
    files.set(second, Buffer.concat([files.get(second) as Buffer, Buffer.from('more')]))
    await storeCopy(damaged, files)
    for (const words of [['--account', damaged.blobUrl], []]) {
      const { code, json } = await verified(words, settingsFor(damaged, NO_HUB))
      expect(code).toBe(1)
      expect(json.findings).toMatchObject([
        { class: 'BLOB_MISSING' },
        { class: 'TRAILING_DATA' },
        ...UNLOCKED,
      ])
    }
  })

  it('reads the log that EVIDENCE_LOG names, as with settings', async () => {
    const other = await storageAccount()
    onTestFinished(() => other.stop())
    await storeCopy(other, copy.files, 'second-log')
    const env = { EVIDENCE_LOG: 'second-log' }
    expect(await verified(['--account', other.blobUrl], env)).toMatchObject({ code: 0 })
    expect(await verified([], { ...settingsFor(other, NO_HUB), ...env })).toMatchObject({ code: 0 })
    const without = await verified(['--account', other.blobUrl])
    expect(without.code).toBe(3)
    expect(without.stderr).toContain('EVIDENCE_LOG')
  })

  it('is how prove finds a record, too', async () => {
    const [name = ''] = [...copy.files.keys()]
    const { eventId } = JSON.parse(gunzipSync(copy.files.get(name) as Buffer).toString())
    const proof = await cli(['prove', eventId, '--account', url])
    expect(proof).toMatchObject({ code: 0, stderr: '' })
    const file = `${await folderOf(new Map([['proof.txt', proof.stdout]]))}/proof.txt`
    expect(await cli(['check-proof', file, '--key', await keyFile()])).toMatchObject({ code: 0 })
  })

  it.each([
    ['http://risk.blob.core.windows.net', 'expected an https URL'],
    ['http://127.0.0.1.evil.example/account', 'expected an https URL'],
    ['http://127.0.0.1@evil.example/account', 'expected an https URL'],
    ['https://risk.blob.core.windows.net/archive', 'expected only the endpoint'],
    ['https://risk.blob.core.windows.net/?sv=2026&sig=SECRET', 'expected only the endpoint'],
    ['https://user:SECRET@risk.blob.core.windows.net', 'contains a user name'],
    ['risk', 'expected an https URL'],
  ])('refuses %s, and does not repeat it', async (account, problem) => {
    const { code, stderr, stdout } = await cli(['verify', '--account', account])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(`--account: ${problem}`)
    expect(stderr).not.toContain('SECRET')
  })

  it('goes with no other copy, and with no app', async () => {
    for (const words of [['--dir', '.'], ['--local'], ['--settings', 'settings.json']])
      expect(await cli(['verify', '--account', url, ...words])).toMatchObject({ code: 2, stdout: '' })
    expect((await cli(['verify', '--account', url], { env: { EVIDENCE_LOG: 'A' } })).stderr).toContain(
      '--account: EVIDENCE_LOG: expected the name of a container',
    )
  })

  it('says which container an account lacks, without naming settings', async () => {
    const empty = await storageAccount()
    onTestFinished(() => empty.stop())
    const { code, stderr } = await cli(['verify', '--account', empty.blobUrl])
    expect(code).toBe(3)
    expect(stderr).toContain('ContainerNotFound')
    expect(stderr).not.toContain('doctor')
  })
})

/** An account behind TLS that lets in whoever has this token, as Azure does. */
async function accountBehindTls(token: string) {
  const authority = await createLocalAuthority()
  const { keyPem, certPem } = await authority.issue(['localhost'])
  const sas = new URL(
    BlobServiceClient.fromConnectionString(azurite.connectionString).generateAccountSasUrl(
      new Date(Date.now() + 3_600_000),
      AccountSASPermissions.parse('rl'),
      'sco',
    ),
  )
  const { pathname, search, hostname, port } = sas
  async function serve({ method, url: path = '', headers }: IncomingMessage, response: ServerResponse) {
    if (headers.authorization !== `Bearer ${token}`) {
      response.writeHead(403, { 'x-ms-error-code': 'AuthorizationPermissionMismatch' }).end()
      return
    }
    const signed = `${pathname.replace(/\/$/, '')}${path}${path.includes('?') ? '&' : '?'}${search.slice(1)}`
    const { authorization: _, host: __, ...others } = headers
    const onward = request({ hostname, port, method, path: signed, headers: others })
    onward.end()
    const [reply] = (await once(onward, 'response')) as [IncomingMessage]
    response.writeHead(reply.statusCode ?? 500, reply.headers)
    reply.pipe(response)
  }
  const server = createServer({ key: keyPem, cert: certPem }, (incoming, response) => {
    serve(incoming, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { caPem: authority.caPem, url: `https://localhost:${(server.address() as AddressInfo).port}` }
}

/** The built command, on a machine where `az login` gave this token. */
async function asSignedIn(token: string, caPem: string, words: readonly string[]) {
  const answer = { accessToken: token, expires_on: Math.floor(Date.now() / 1000) + 3600, tokenType: 'Bearer' }
  const folder = await folderOf(
    new Map([
      ['ca.pem', caPem],
      ['az', `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`],
    ]),
  )
  await chmod(`${folder}/az`, 0o755)
  const child = spawn(process.execPath, ['dist/risk-export.mjs', ...words], {
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      NODE_EXTRA_CA_CERTS: `${folder}/ca.pem`,
      AZURE_TOKEN_CREDENTIALS: 'AzureCliCredential',
    },
  })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ])
  return { code, stdout, stderr }
}

describe('an account behind https', () => {
  it('is read with the sign-in of whoever runs the command', async () => {
    const { url: https, caPem } = await accountBehindTls('ours')
    const said = await asSignedIn('ours', caPem, ['verify', '--account', https])
    expect(said.stderr).toBe('')
    expect(said.code).toBe(0)
    expect(said.stdout).toMatch(/^OK: /)
  })

  it('that does not let them in is named with the role that it takes', async () => {
    const { url: https, caPem } = await accountBehindTls('ours')
    const { code, stdout, stderr } = await asSignedIn('theirs', caPem, ['verify', '--account', https])
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain('Storage Blob Data Reader')
  })
})
