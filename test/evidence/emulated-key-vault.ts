import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { LocalAuthority } from '../../local/emulators/tls/local-authority.ts'

interface Version {
  readonly version: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  enabled: boolean
}

/** A vault with one key, on HTTPS, that answers as Azure Key Vault does. */
export interface EmulatedKeyVault {
  readonly uri: string
  /** Method, path and query of each request. */
  readonly asked: string[]
  /** Makes a new version, which is the current one from then on. */
  rotate(curve?: string): void
  disable(version: number): void
  /** Answers the next requests so instead. */
  fails: { status: number; times: number }
  stop(): Promise<void>
}

const TOKEN = 'a token for the vault'
export const VAULT_CREDENTIAL = {
  getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }),
}

/** https://learn.microsoft.com/rest/api/keyvault/keys/ */
export async function startKeyVault(authority: LocalAuthority, keyName: string): Promise<EmulatedKeyVault> {
  const versions: Version[] = []
  const asked: string[] = []
  const fails = { status: 500, times: 0 }
  let uri = ''
  const folder = mkdtempSync(join(tmpdir(), 'vault-'))
  const rotate = (curve = 'P-256') => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve })
    versions.push({ version: randomBytes(16).toString('hex'), privateKey, publicKey, enabled: true })
  }
  rotate()
  const kidOf = ({ version }: Version) => `${uri}/keys/${keyName}/${version}`
  const answer = (response: ServerResponse, status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  const refuse = (response: ServerResponse, status: number, code: string) =>
    answer(response, status, { error: { code, message: code } })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const { method, url = '', headers } = request
    const body = await text(request)
    asked.push(`${method} ${url}`)
    const { pathname, searchParams } = new URL(url, uri)
    if (fails.times > 0) {
      fails.times -= 1
      return refuse(response, fails.status, 'Failing')
    }
    if (headers.authorization !== `Bearer ${TOKEN}`) {
      response.setHeader(
        'www-authenticate',
        'Bearer authorization="https://login.example/t", resource="https://vault.azure.net"',
      )
      return refuse(response, 401, 'Unauthorized')
    }
    if (searchParams.get('api-version') !== '7.4') return refuse(response, 400, 'BadParameter')
    const [, keys, name, version, action] = pathname.split('/')
    if (keys !== 'keys' || name !== keyName) return refuse(response, 404, 'KeyNotFound')
    if (version === 'versions')
      return answer(response, 200, {
        value: versions.map((one) => ({ kid: kidOf(one), attributes: { enabled: one.enabled } })),
        nextLink: null,
      })
    const found = version === undefined ? versions.at(-1) : versions.find((one) => one.version === version)
    if (found === undefined) return refuse(response, 404, 'KeyNotFound')
    if (action === undefined) {
      const { crv, x, y } = found.publicKey.export({ format: 'jwk' })
      const key = { kid: kidOf(found), kty: 'EC-HSM', key_ops: ['sign', 'verify'], crv, x, y }
      return answer(response, 200, { key, attributes: { enabled: found.enabled } })
    }
    if (!found.enabled) return refuse(response, 403, 'Forbidden')
    const { alg, value } = JSON.parse(body)
    if (alg !== 'ES256') return refuse(response, 400, 'BadParameter')
    const signature = signDigest(folder, Buffer.from(value, 'base64url'), found.privateKey)
    return answer(response, 200, { kid: kidOf(found), value: signature.toString('base64url') })
  }

  const { keyPem, certPem } = await authority.issue(['localhost'])
  const server = createServer({ key: keyPem, cert: certPem }, (request, response) => {
    serve(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  uri = `https://localhost:${(server.address() as AddressInfo).port}`
  return {
    uri,
    asked,
    rotate,
    fails,
    disable: (version) => {
      const found = versions[version]
      if (found !== undefined) found.enabled = false
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      rmSync(folder, { recursive: true })
      await once(server, 'close')
    },
  }
}

const NUMBER_BYTES = 32

/** A signature of a digest, as Key Vault makes it; Node can only sign what it hashes itself. */
function signDigest(folder: string, digest: Buffer, key: KeyObject): Buffer {
  const keyFile = join(folder, 'key.pem')
  writeFileSync(keyFile, key.export({ format: 'pem', type: 'pkcs8' }))
  const signature = execFileSync('openssl', ['pkeyutl', '-sign', '-inkey', keyFile], { input: digest })
  // SEQUENCE { INTEGER r, INTEGER s }, both short.
  const rEnd = 4 + (signature[3] ?? 0)
  const numbers = [signature.subarray(4, rEnd), signature.subarray(rEnd + 2)]
  return Buffer.concat(
    numbers.map((number) => {
      const digits = number.subarray(-NUMBER_BYTES)
      return Buffer.concat([Buffer.alloc(NUMBER_BYTES - digits.length), digits])
    }),
  )
}
