import { Literal } from '../encoding/literal.ts'

/** A pair of `additionalInfo`, as this program writes it: `{"key":…,"value":…}`. */
export const PAIR_KEY = new Literal('{"key":')
export const PAIR_VALUE = new Literal(',"value":')

/** Offset of the first pair, or of the end, of the list at `start`. */
export const firstPair = (start: number): number => start + 1

/** Offset of the pair after the one whose value ends at `valueEnd`; past the list if none. */
export const pairAfter = (valueEnd: number): number => valueEnd + 2

/** Offset of the key of the pair at `at`. */
export const keyOf = (at: number): number => at + PAIR_KEY.length

/** Offset of the value of the pair whose key ends at `keyEnd`. */
export const valueAfter = (keyEnd: number): number => keyEnd + PAIR_VALUE.length
