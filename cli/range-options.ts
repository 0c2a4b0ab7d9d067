/** End of a range of enqueued times. */
export const TO_OPTION = {
  type: 'string',
  value: 'T',
  default: 'now',
  help: 'end of the range; exclusive (default now)',
} as const

/** The last 30 days, unless another range is asked for. */
export const RANGE_OPTIONS = {
  from: {
    type: 'string',
    value: 'T',
    default: '30d',
    help: 'start of the range, by enqueued time; inclusive (default 30d)',
  },
  to: TO_OPTION,
} as const

/** The whole archive, unless another range is asked for. */
export const WHOLE_RANGE_OPTIONS = {
  from: {
    type: 'string',
    value: 'T',
    help: 'start of the range, by enqueued time; inclusive (default: the whole archive)',
  },
  to: TO_OPTION,
} as const
