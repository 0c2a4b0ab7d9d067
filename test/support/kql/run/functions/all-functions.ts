import { ADDRESS_FUNCTIONS } from './address-functions.ts'
import { CONVERSIONS } from './conversions.ts'
import { DYNAMIC_FUNCTIONS } from './dynamic-functions.ts'
import { LOGIC_FUNCTIONS } from './logic-functions.ts'
import type { Functions } from './signature.ts'
import { TEXT_FUNCTIONS } from './text-functions.ts'
import { TIME_FUNCTIONS } from './time-functions.ts'

/** Every scalar function of one row that is covered. */
export const FUNCTIONS: Functions = {
  ...ADDRESS_FUNCTIONS,
  ...CONVERSIONS,
  ...DYNAMIC_FUNCTIONS,
  ...LOGIC_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...TIME_FUNCTIONS,
}
