import { RestError } from '@azure/storage-queue'

/**
 * Whether the queue or the message is gone, or another host has the message: nothing is left to do.
 */
export function isGone(thrown: object): boolean {
  return thrown instanceof RestError && (thrown.statusCode === 404 || thrown.code === 'PopReceiptMismatch')
}
