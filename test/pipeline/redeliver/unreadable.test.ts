import { describe, expect, it } from 'vitest'
import { InvariantError } from '../../../shared/domain/invariant-error.ts'
import { NewerVersionError } from '../../../shared/domain/newer-version-error.ts'
import { unreadableBecause } from '../../../shared/pipeline/redeliver/unreadable.ts'

const withFields = (fields: object): Error => Object.assign(new Error('of the SDK'), fields)

describe('an error is about the blob', () => {
  it.each([
    [{ statusCode: 404, code: 'BlobNotFound' }, 'is missing'],
    [{ statusCode: 409, code: 'BlobArchived' }, 'is in the archive tier and must be rehydrated'],
    [{ statusCode: 409, code: 'BlobBeingRehydrated' }, 'is in the archive tier and must be rehydrated'],
    [{ code: 'Z_DATA_ERROR' }, 'is damaged: it cannot be decompressed'],
    [{ code: 'Z_BUF_ERROR' }, 'is damaged: it cannot be decompressed'],
    [{ statusCode: 400, code: 'InvalidUri' }, 'cannot be requested (InvalidUri)'],
    [{ statusCode: 400 }, 'cannot be requested (status 400)'],
    [{ statusCode: 499 }, 'cannot be requested (status 499)'],
  ])('where it has %j', (fields, reason) => {
    expect(unreadableBecause(withFields(fields))).toBe(reason)
  })

  it.each([
    {
      error: new Error('Unable to extract blobName and containerName with provided information.'),
      reason: 'cannot be requested (invalid name)',
    },
    { error: new NewerVersionError('version 2'), reason: 'was written by a newer version of this program' },
    ...[InvariantError, SyntaxError, TypeError, RangeError, URIError].map((Kind) => ({
      error: new Kind('of what was read'),
      reason: 'does not hold the expected lines',
    })),
  ])('where it is: $error', ({ error, reason }) => {
    expect(unreadableBecause(error)).toBe(reason)
  })
})

describe('an error says nothing about the blob', () => {
  it.each([
    ...[401, 403, 408, 429, 399, 500, 503].map((statusCode) => ({ statusCode })),
    ...['ContainerNotFound', 'ContainerBeingDeleted', 'ContainerDisabled', 'InvalidHeaderValue'].map(
      (code) => ({
        statusCode: 404,
        code,
      }),
    ),
    { statusCode: '404' },
    { code: 'ECONNRESET' },
    {},
  ])('where it has %j', (fields) => {
    expect(unreadableBecause(withFields(fields))).toBeUndefined()
  })

  it.each([undefined, null, 404, 'BlobNotFound', { message: 'Unable to extract blobName' }])(
    'where it is %j, no error at all',
    (error) => {
      expect(unreadableBecause(error)).toBeUndefined()
    },
  )

  it('where it only mentions a name that cannot be requested', () => {
    expect(unreadableBecause(new Error('Not reached: Unable to extract blobName'))).toBeUndefined()
  })
})
