import type { FixtureCase } from '../fixture.ts'
import { changeCases } from './change-cases.ts'
import { detectionCases } from './detection-cases.ts'
import { functionCases } from './function-cases.ts'
import { healthCases } from './health-cases.ts'
import { privilegeCases } from './privilege-cases.ts'
import { signInCases } from './sign-in-cases.ts'
import { stateCases } from './state-cases.ts'

/**
 * One case at least for each rule, and for the functions that decide what is latest and what is a
 * copy.
 */
export const FIXTURE_CASES: readonly FixtureCase[] = [
  ...detectionCases,
  ...stateCases,
  ...signInCases,
  ...changeCases,
  ...privilegeCases,
  ...healthCases,
  ...functionCases,
]
