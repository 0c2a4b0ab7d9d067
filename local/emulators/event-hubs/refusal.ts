/**
 * Why the emulator says no, in the words of AMQP: an error condition, and a text for whoever runs
 * the client.
 */
export interface Refusal {
  readonly condition: string
  readonly description: string
}

/** A refusal that names the entity, in the service's own words: clients match on them. */
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
