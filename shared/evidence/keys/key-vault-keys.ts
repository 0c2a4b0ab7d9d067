import { createPublicKey, hash } from 'node:crypto'
import {
  bearerTokenAuthenticationPolicy,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  defaultRetryPolicy,
  type HttpClient,
} from '@azure/core-rest-pipeline'
import type { TokenCredential } from '@azure/identity'
import { EvidenceError } from '../evidence-error.ts'
import { keyIdOf } from '../note.ts'
import { derSignature } from './ecdsa-signature.ts'
import type { LogKey, SigningKeys } from './signing-keys.ts'

const API_VERSION = '7.4'
/** Versions of the key that are looked through for a former one. */
const MAX_VERSIONS = 200
const MAX_PAGES = 20

export interface KeyVaultOptions {
  /** Such as `https://kv-risk.vault.azure.net`. */
  readonly vaultUri: string
  readonly keyName: string
  readonly credential: TokenCredential
  readonly httpClient: HttpClient
}

interface KeyAnswer {
  readonly key?: {
    readonly kid?: string
    readonly kty?: string
    readonly crv?: string
    readonly x?: string
    readonly y?: string
  }
}

interface VersionsAnswer {
  readonly value?: readonly { readonly kid?: string }[]
  readonly nextLink?: string | null
}

interface SignAnswer {
  readonly kid?: string
  readonly value?: string
}

function parseAnswer(text: string | null | undefined): KeyAnswer & VersionsAnswer & SignAnswer {
  try {
    const value: unknown = JSON.parse(text ?? '')
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // As below.
  }
  throw new EvidenceError('keyAnswer')
}

/** The audience of a vault's tokens: its host without the vault's own name, whatever the cloud. */
export function vaultScope(vaultUri: string): string {
  const { hostname } = new URL(vaultUri)
  return `https://${hostname.split('.').slice(1).join('.') || hostname}/.default`
}

function logKeyOf({ key }: KeyAnswer): LogKey {
  const { kid, kty, crv, x, y } = key ?? {}
  if (
    kid === undefined ||
    !/^EC(?:-HSM)?$/.test(kty ?? '') ||
    crv !== 'P-256' ||
    x === undefined ||
    y === undefined
  )
    throw new EvidenceError('keyAnswer')
  const publicKey = createPublicKey({ key: { kty: 'EC', crv, x, y }, format: 'jwk' })
  return { spki: publicKey.export({ format: 'der', type: 'spki' }), location: kid }
}

/**
 * Keys in Azure Key Vault: the private key never leaves it.
 * https://learn.microsoft.com/rest/api/keyvault/keys/sign/sign
 */
export function keyVaultKeys({ vaultUri, keyName, credential, httpClient }: KeyVaultOptions): SigningKeys {
  const base = new URL(`/keys/${keyName}`, vaultUri).href
  const pipeline = createEmptyPipeline()
  pipeline.addPolicy(defaultRetryPolicy({ maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2000 }))
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: [vaultScope(vaultUri)] }))

  async function ask(url: string, body?: object) {
    // The token goes nowhere but to the key of the settings.
    if (url !== base && !url.startsWith(`${base}/`)) throw new EvidenceError('keyAnswer')
    const target = new URL(url)
    target.searchParams.set('api-version', API_VERSION)
    const response = await pipeline.sendRequest(
      httpClient,
      createPipelineRequest({
        url: target.href,
        method: body === undefined ? 'GET' : 'POST',
        headers: createHttpHeaders({
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
    if (response.status !== 200)
      throw new EvidenceError(
        'keyAnswer',
        Object.assign(new Error('no answer'), { statusCode: response.status }),
      )
    return parseAnswer(response.bodyAsText)
  }

  async function* versions(): AsyncGenerator<string> {
    let url: string | null | undefined = `${base}/versions`
    for (let page = 0; page < MAX_PAGES && typeof url === 'string' && url !== ''; page += 1) {
      const { value = [], nextLink }: VersionsAnswer = await ask(url)
      for (const { kid } of value) if (kid !== undefined) yield kid
      url = nextLink
    }
  }

  const current = async (): Promise<LogKey> => logKeyOf(await ask(base))

  return {
    current,
    async find(keyId) {
      const newest = await current()
      if (keyIdOf(newest.spki) === keyId) return newest
      let asked = 0
      for await (const kid of versions()) {
        if (kid === newest.location) continue
        asked += 1
        if (asked > MAX_VERSIONS) return undefined
        const key = logKeyOf(await ask(kid))
        if (keyIdOf(key.spki) === keyId) return key
      }
      return undefined
    },
    async sign({ location }, text) {
      const digest = hash('sha256', text, 'buffer').toString('base64url')
      const { value } = await ask(`${location}/sign`, { alg: 'ES256', value: digest })
      const numbers = Buffer.from(value ?? '', 'base64url')
      if (numbers.length !== 64) throw new EvidenceError('keyAnswer')
      return derSignature(numbers)
    },
  }
}
