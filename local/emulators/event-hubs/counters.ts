/** What the emulator has seen since it was started. */
export interface EmulatorStats {
  readonly connectionsAccepted: number
  readonly connectionsOpen: number
  readonly readersOpen: number
  /** Messages stored, from clients and from `publish`. */
  readonly messagesStored: number
  /** Messages handed to readers, every copy counted. */
  readonly messagesDelivered: number
  readonly sendsRefused: number
  readonly tokensRefused: number
  readonly managementReads: number
  /** Bytes of half-written messages that were cut off at the start. */
  readonly tornBytesCut: number
  /** Clients that broke the protocol, or whose bytes could not be read. */
  readonly protocolErrors: number
  readonly lastProtocolError: string | undefined
}

/** The part of the statistics that is counted as it happens. */
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
