import type { FixtureCase } from '../fixture.ts'
import { changeCases } from './change-cases.ts'
import { detectionCases } from './detection-cases.ts'
import { healthCases } from './health-cases.ts'
import { signInCases } from './sign-in-cases.ts'

/** One case for each rule. */
export const FIXTURE_CASES: readonly FixtureCase[] = [
  ...detectionCases,
  ...signInCases,
  ...changeCases,
  ...healthCases,
]
