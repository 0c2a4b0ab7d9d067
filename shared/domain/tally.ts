/** A batch's records by reading: records = events + faults + skipped. */
export interface RecordTally {
  readonly records: number
  readonly events: number
  readonly faults: number
  readonly skipped: number
}

/** A batch's events by outcome at one sink; every event has exactly one outcome. */
export interface SinkTally {
  readonly delivered: number
  readonly pending: number
  readonly deadLettered: number
  readonly duplicate: number
  readonly filtered: number
}

/** How an event ended at a sink. */
export type SinkOutcome = keyof SinkTally

/** Every outcome of an event at a sink, the most important first. */
export const SINK_OUTCOMES = ['delivered', 'pending', 'deadLettered', 'duplicate', 'filtered'] as const

export const EMPTY_SINK_TALLY: SinkTally = {
  delivered: 0,
  pending: 0,
  deadLettered: 0,
  duplicate: 0,
  filtered: 0,
}

/** Whether every record is accounted for. */
export const recordsBalance = (t: RecordTally): boolean => t.records === t.events + t.faults + t.skipped

/** Whether every event has exactly one outcome at this sink. */
export const sinkBalances = (events: number, t: SinkTally): boolean =>
  events === t.delivered + t.pending + t.deadLettered + t.duplicate + t.filtered

export const addSinkTallies = (a: SinkTally, b: SinkTally): SinkTally => ({
  delivered: a.delivered + b.delivered,
  pending: a.pending + b.pending,
  deadLettered: a.deadLettered + b.deadLettered,
  duplicate: a.duplicate + b.duplicate,
  filtered: a.filtered + b.filtered,
})
