/**
 * Why the emulator refuses something: an AMQP error condition, and a description for the user of
 * the client.
 */
export interface Refusal {
  readonly condition: string
  readonly description: string
}

/** A refusal that names the entity, worded as by the service: clients match on the text. */
export function entityNotFound(entity: string): Refusal {
  return {
    condition: 'amqp:not-found',
    description: `The messaging entity '${entity}' could not be found.`,
  }
}

export const partitionNotFound: Refusal = {
  condition: 'com.microsoft:argument-out-of-range',
  description: 'The specified partition is invalid for an EventHub partition sender or receiver.',
}
