import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { type ServiceError, serviceError } from './service-error.ts'

const notRows = (message: string): ServiceError => serviceError(400, 'InvalidPayload', message)

/**
 * Parses the rows of a request. Stricter than the service, which answers 204 to anything and drops
 * what it cannot read (https://github.com/Azure/azure-sdk-for-python/issues/32562): here a
 * malformed body must be visible.
 */
export function parseRows(body: Buffer): readonly JsonObject[] | ServiceError {
  let value: Json
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as Json
  } catch {
    return notRows('The body is not JSON in UTF-8.')
  }
  if (!Array.isArray(value)) return notRows('The body is not an array.')
  return value.every(isJsonObject) ? value : notRows('An element of the array is not an object.')
}
