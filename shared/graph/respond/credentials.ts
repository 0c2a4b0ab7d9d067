import { isJsonObject, type Json, type JsonObject } from '../../encoding/json.ts'
import type { GraphClient } from '../graph-client.ts'
import { READ_DIRECTORY } from './needs.ts'
import { objectAt, type Read, read, textOf } from './read.ts'

/** The object that has a credential. */
export interface CredentialHolder {
  readonly set: 'applications' | 'servicePrincipals'
  readonly id: string
}

/** Metadata of a secret or certificate; never its value. */
export interface Credential {
  readonly keyId: string
  readonly type: 'secret' | 'certificate'
  readonly displayName: string | undefined
  readonly startMs: number | undefined
  readonly endMs: number | undefined
  /** Whether it can be used to sign in; token-signing keys cannot. */
  readonly signsIn: boolean
  readonly holder: CredentialHolder
}

const listOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : []

function timeOf(value: Json | undefined): number | undefined {
  const ms = Date.parse(textOf(value) ?? '')
  return Number.isNaN(ms) ? undefined : ms
}

/** The credentials of an application or service principal. */
export function credentialsOf(object: JsonObject, holder: CredentialHolder): readonly Credential[] {
  const ofType = (property: string, type: Credential['type']): readonly Credential[] =>
    listOf(object[property]).flatMap((credential) => {
      const keyId = textOf(credential['keyId'])
      return keyId === undefined
        ? []
        : [
            {
              keyId: keyId.toLowerCase(),
              type,
              displayName: textOf(credential['displayName']),
              startMs: timeOf(credential['startDateTime']),
              endMs: timeOf(credential['endDateTime']),
              signsIn: credential['usage'] !== 'Sign',
              holder,
            },
          ]
    })
  return [...ofType('passwordCredentials', 'secret'), ...ofType('keyCredentials', 'certificate')]
}

/** Whether the credential can be used to sign in at this time. */
export const isValidAt = ({ startMs, endMs, signsIn }: Credential, nowMs: number): boolean =>
  signsIn && (startMs ?? nowMs) <= nowMs && nowMs < (endMs ?? Number.POSITIVE_INFINITY)

/** Whether it is the only valid credential. */
export const isLastValid = (one: Credential, all: readonly Credential[], nowMs: number): boolean =>
  isValidAt(one, nowMs) && !all.some((other) => other.keyId !== one.keyId && isValidAt(other, nowMs))

/** An application's credentials. */
export interface CredentialedApplication {
  readonly id: string
  readonly credentials: readonly Credential[]
}

/** The application with this app id; `undefined` if it is in another tenant or deleted. */
export async function applicationOf(
  client: GraphClient,
  appId: string,
  signal: AbortSignal,
): Promise<Read<CredentialedApplication | undefined>> {
  const object = await objectAt(
    client,
    `v1.0/applications(appId='${encodeURIComponent(appId)}')?$select=id,keyCredentials,passwordCredentials`,
    READ_DIRECTORY,
    signal,
  )
  if (!object.ok) return object
  const id = textOf(object.value?.['id'])
  if (object.value === undefined || id === undefined) return read(undefined)
  return read({ id, credentials: credentialsOf(object.value, { set: 'applications', id }) })
}

/** Whether an application has a federated credential, which needs no secret. */
export async function hasFederatedCredential(
  client: GraphClient,
  applicationId: string,
  signal: AbortSignal,
): Promise<boolean> {
  let found = false
  const fault = await client.list(
    `v1.0/applications/${encodeURIComponent(applicationId)}/federatedIdentityCredentials`,
    () => {
      found = true
    },
    signal,
  )
  return fault === undefined && found
}

const HOLDER_SELECT = '$select=keyCredentials'

/**
 * Reads the object's current certificates, and makes the PATCH body that removes one of them.
 * @returns `undefined` if the object does not have that certificate
 */
export async function withoutCertificate(
  client: GraphClient,
  { set, id }: CredentialHolder,
  keyId: string,
  signal: AbortSignal,
): Promise<Read<JsonObject | undefined>> {
  const path = `v1.0/${set}/${encodeURIComponent(id)}?${HOLDER_SELECT}`
  const object = await objectAt(client, path, READ_DIRECTORY, signal)
  if (!object.ok) return object
  const keys = listOf(object.value?.['keyCredentials'])
  const kept = keys.filter((key) => textOf(key['keyId'])?.toLowerCase() !== keyId)
  return read(kept.length === keys.length ? undefined : { keyCredentials: kept })
}
