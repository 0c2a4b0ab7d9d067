import type { Counters } from './counters.ts'
import { entityPath } from './entity-address.ts'
import type { SendFaults } from './faults.ts'
import type { Hub } from './hub.ts'
import type { ReaderGroup } from './reader-group.ts'
import type { Refusal } from './refusal.ts'
import type { SharedAccessKey } from './sas-token.ts'

/** State shared by all request handlers. */
export interface BrokerContext {
  hub(name: string): Hub | undefined
  readerGroup(hub: string, consumerGroup: string, partition: string): ReaderGroup
  readonly accessKey: SharedAccessKey
  readonly isValidToken: (token: string) => boolean
  /** Most bytes of a message or a batch. */
  readonly maxSendBytes: number
  readonly nowMs: () => number
  readonly isHanging: () => boolean
  readonly faults: SendFaults
  readonly counters: Counters
}

export function unauthorized(address: string): Refusal {
  return {
    condition: 'amqp:unauthorized-access',
    description: `Unauthorized access: no token for '${entityPath(address)}' was accepted on this connection.`,
  }
}
