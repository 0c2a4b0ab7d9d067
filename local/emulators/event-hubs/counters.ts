/** Statistics since the start of the emulator. */
export interface EmulatorStats {
  readonly connectionsAccepted: number
  readonly connectionsOpen: number
  readonly readersOpen: number
  /** Messages stored, sent by clients or by `publish`. */
  readonly messagesStored: number
  /** Messages delivered to readers, counting every copy. */
  readonly messagesDelivered: number
  readonly sendsRefused: number
  readonly tokensRefused: number
  readonly managementReads: number
  /** Bytes of incomplete writes truncated at the start. */
  readonly tornBytesCut: number
  /** Clients that violated the protocol or sent unreadable bytes. */
  readonly protocolErrors: number
  readonly lastProtocolError: string | undefined
}

/** Statistics that are counted as they happen. */
export interface Counters {
  messagesStored: number
  messagesDelivered: number
  sendsRefused: number
  tokensRefused: number
  managementReads: number
  protocolErrors: number
  lastProtocolError: string | undefined
}

export function createCounters(): Counters {
  return {
    messagesStored: 0,
    messagesDelivered: 0,
    sendsRefused: 0,
    tokensRefused: 0,
    managementReads: 0,
    protocolErrors: 0,
    lastProtocolError: undefined,
  }
}
