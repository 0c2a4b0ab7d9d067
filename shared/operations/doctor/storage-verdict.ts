import { errorCode } from '../../azure/error-code.ts'
import { lacksToken } from '../../azure/lacks-token.ts'
import { hasCode, hasStatus } from '../../azure/storage-condition.ts'
import { NO_TOKEN, type Verdict } from './diagnose.ts'

/** The operation tried, and the role it needs. */
export interface StorageTrial {
  /** For people, such as `container archive`. */
  readonly what: string
  /** Name of the Azure role needed. */
  readonly role: string
  /** `fail` if the caller needs this right; `warn` if only the app does. */
  readonly whenForbidden: 'warn' | 'fail'
}

const reasonOf = (error: unknown): string =>
  errorCode(error) ?? (error instanceof Error ? error.name : 'no answer')

/** What an error of a storage client means to an operator. */
export function storageVerdict(error: unknown, { what, role, whenForbidden }: StorageTrial): Verdict {
  if (lacksToken(error)) return NO_TOKEN
  if (hasStatus(error, 401, 403)) {
    const says = `Not allowed (${reasonOf(error)}).`
    return whenForbidden === 'fail'
      ? { level: 'fail', says, fix: `Give this identity the role "${role}" on the ${what}.`, fixOn: what }
      : {
          level: 'warn',
          says: `${says} This identity is not the app's.`,
          fix: `Only the app needs it: the role "${role}" on the ${what}.`,
          fixOn: what,
        }
  }
  if (hasStatus(error, 404))
    return {
      level: 'fail',
      says: 'It does not exist.',
      fix: 'Deploy the infrastructure, or correct the setting.',
    }
  return {
    level: 'fail',
    says: `It does not answer (${reasonOf(error)}).`,
    fix: 'Check the name in the setting, and the network rules of the storage account.',
  }
}

/**
 * Runs a trial; `refusals` are error codes that prove the right to it: only its object is missing.
 */
export async function tryStorage<T>(
  trial: StorageTrial,
  work: () => Promise<T>,
  says: string,
  refusals: readonly string[] = [],
): Promise<Verdict> {
  try {
    await work()
  } catch (error) {
    if (!hasCode(error, ...refusals)) return storageVerdict(error, trial)
  }
  return { level: 'ok', says }
}
