import { scalar } from '../model.ts'
import { msOfTime } from '../time-text.ts'
import { type Builder, type Functions, oneOf, strict } from './signature.ts'

const DAY = 86_400_000
/** Kusto counts times from the year 1. https://learn.microsoft.com/kusto/query/bin-function */
const YEAR_ONE = Date.UTC(1970, 0, 1) - 719_162 * DAY

const floorTo = (value: number, size: number): number | null =>
  size <= 0 ? null : Math.floor(value / size) * size

const timeFloor = (time: number, size: number): number | null => {
  const floor = floorTo(time - YEAR_ONE, size)
  return floor === null ? null : floor + YEAR_ONE
}

const ago: Builder = (given) => {
  const [span] = given
  if (given.length !== 1 || span?.type !== 'timespan') return undefined
  return scalar('datetime', (row, place) => {
    const ms = span.at(row, place)
    return typeof ms === 'number' ? place.run.now - ms : null
  })
}

/** https://learn.microsoft.com/kusto/query/scalar-functions#datetimetimespan-functions */
export const TIME_FUNCTIONS: Functions = {
  now: (given) => (given.length === 0 ? scalar('datetime', (_, { run }) => run.now) : undefined),
  ago,
  // `time(2h)` is a literal, `time(span)` of an expression is that expression
  time: strict(['timespan'], 'timespan', (span) => span),
  todatetime: oneOf(
    strict(['datetime'], 'datetime', (time) => time),
    strict(['string'], 'datetime', (text) => msOfTime(text) ?? null),
  ),
  startofday: strict(['datetime'], 'datetime', (time) => timeFloor(time, DAY)),
  bin: oneOf(
    strict(['datetime', 'timespan'], 'datetime', timeFloor),
    strict(['timespan', 'timespan'], 'timespan', floorTo),
    strict(['long', 'long'], 'long', floorTo),
    strict(['real', 'real'], 'real', floorTo),
  ),
}
