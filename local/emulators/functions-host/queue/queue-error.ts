import { RestError } from '@azure/storage-queue'

/**
 * The queue or the message is gone, or somebody else has the message: there is nothing left to do
 * with it.
 */
export function isGone(thrown: object): boolean {
  return thrown instanceof RestError && (thrown.statusCode === 404 || thrown.code === 'PopReceiptMismatch')
}
