import { CredentialUnavailableError, DefaultAzureCredential } from '@azure/identity'
import { describe, expect, it, vi } from 'vitest'
import { appHints, failureText } from '../../cli/failure-text.ts'
import { stackText } from '../../cli/stack-text.ts'
import { suggestFor } from '../../cli/text/suggest.ts'
import { UsageError } from '../../cli/usage-error.ts'
import { errorCode } from '../../shared/azure/error-code.ts'
import { lacksToken } from '../../shared/azure/lacks-token.ts'
import { DurabilityError } from '../../shared/domain/durability-error.ts'
import { InvariantError } from '../../shared/domain/invariant-error.ts'
import { cli } from './cli-under-test.ts'

const WITHOUT_SIGN_IN = {
  ENTRA_TENANT_ID: '11111111-2222-4333-8444-555555555555',
  EVENT_HUB_NAME: 'entra-risk',
  EventHub__fullyQualifiedNamespace: 'hub.invalid',
  AzureWebJobsStorage__blobServiceUri: 'https://host.blob.invalid',
  AzureWebJobsStorage__queueServiceUri: 'https://host.queue.invalid',
  AzureWebJobsStorage__tableServiceUri: 'https://host.table.invalid',
  ARCHIVE_BLOB_SERVICE_URI: 'https://archive.blob.invalid',
}

const suggest = suggestFor({ local: false })

/** As the storage SDKs throw it: the text quotes what was asked. */
const refused = Object.assign(new Error('PUT https://account/?sig=SECRET was refused'), {
  name: 'RestError',
  code: 'AuthorizationPermissionMismatch',
  statusCode: 403,
})

describe('a failure', () => {
  it('of an SDK is reported by name and code, never by its text', () => {
    const text = failureText(refused, appHints(suggest))
    expect(text).toContain('RestError, AuthorizationPermissionMismatch')
    expect(text).toContain('A role is missing')
    expect(text).not.toContain('SECRET')
    expect(failureText('boom SECRET', appHints(suggest))).not.toContain('SECRET')
  })

  it('of several attempts is reported by the last one', () => {
    expect(errorCode(new AggregateError([new Error('a'), refused]))).toBe('AuthorizationPermissionMismatch')
    expect(errorCode(Object.assign(new Error('b'), { statusCode: 503 }))).toBe('status 503')
    expect(errorCode(new AggregateError([]))).toBeUndefined()
  })

  it('of ours asks for a report', () => {
    expect(failureText(new InvariantError('a chunk of no messages'), appHints(suggest))).toContain(
      'defect of this program',
    )
  })

  it('to sign in is reported as such, however deep it lies', () => {
    const unavailable = new CredentialUnavailableError('no')
    expect(lacksToken(unavailable)).toBe(true)
    expect(lacksToken(new AggregateError([new Error('x'), unavailable]))).toBe(true)
    expect(lacksToken(refused)).toBe(false)
    expect(failureText(unavailable, appHints(suggest))).toContain('Not signed in')
  })
})

describe('--debug', () => {
  it('says where an unexpected error happened and what caused it, and quotes none', () => {
    const cause = Object.assign(new Error('GET https://account/?sig=SECRET\n    at SECRET (file:///x:1:1)'), {
      name: 'RestError',
      code: 'ServerBusy',
    })
    const text = stackText(new DurabilityError('Writing a dead letter', cause))
    expect(text).toMatch(/^DurabilityError\n {4}at .*failures\.test\.ts:\d+:\d+/)
    expect(text).toMatch(/\ncaused by RestError \(ServerBusy\)\n {4}at .*failures\.test\.ts/)
    expect(text).not.toContain('SECRET')
  })

  it('says nothing of a message that was changed since, of a stack that is none, and of what was expected', () => {
    const error = new Error('SECRET\n    at SECRET (file:///x:1:1)\nmore')
    error.message = 'changed'
    expect(stackText(error)).not.toContain('SECRET')
    error.stack = 'SECRET'
    expect(stackText(error)).toBe('Error\n')
    expect(stackText(new UsageError('Expected one ID.'))).toBe('')
    expect(stackText('SECRET')).toBe('')
  })

  it('is of every command, and of no wrong word', async () => {
    const env = { ...WITHOUT_SIGN_IN, EventHub__fullyQualifiedNamespace: undefined, EventHub: undefined }
    expect((await cli(['status', '--debug'], { env })).stderr).not.toContain('    at ')
    vi.spyOn(DefaultAzureCredential.prototype, 'getToken').mockRejectedValue(
      new CredentialUnavailableError('SECRET'),
    )
    const { code, stderr } = await cli(['dead-letters', 'list', '--debug'], { env: WITHOUT_SIGN_IN })
    expect(code).toBe(3)
    expect(stderr).toMatch(/CredentialUnavailableError.*\n(.*\n)* {4}at /)
    expect(stderr).not.toContain('SECRET')
  })
})

describe('without a sign-in', () => {
  const env = WITHOUT_SIGN_IN

  it('commands say how to sign in, and the doctor says it once', async () => {
    // Whatever this machine is signed in to stays out of it.
    vi.spyOn(DefaultAzureCredential.prototype, 'getToken').mockRejectedValue(
      new CredentialUnavailableError('none'),
    )
    const list = await cli(['dead-letters', 'list'], { env })
    expect([list.code, list.stdout]).toEqual([3, ''])
    expect(list.stderr).toContain('Not signed in. Use `az login`')
    const doctor = await cli(['doctor', '--json'], { env })
    const { checks, ...counts } = JSON.parse(doctor.stdout) as {
      checks: { level: string; area: string; names: string[]; says: string; fix?: string }[]
    }
    expect(counts).toEqual({ healthy: false, ok: 1, warn: 0, fail: 1, skip: 16 })
    const [form, missing, notMade, ...rest] = checks
    expect([form?.level, missing?.area, rest]).toEqual(['ok', 'identity', []])
    expect(notMade).toMatchObject({ level: 'skip', says: 'Skipped: there is no token.' })
    expect(notMade?.names).toContain('event hub: reading')
    expect(checks.filter((c) => c.fix?.includes('az login'))).toHaveLength(1)
    const { stdout } = await cli(['doctor'], { env })
    expect(stdout).toContain(
      'skip  identity  16 checks  Skipped: there is no token.\n\n1 ok, 0 warn, 1 fail, 16 skip',
    )
  })
})
