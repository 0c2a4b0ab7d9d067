import { errorCode } from '../shared/azure/error-code.ts'
import { lacksToken } from '../shared/azure/lacks-token.ts'
import { ConfigError } from '../shared/config/config-error.ts'
import { DurabilityError } from '../shared/domain/durability-error.ts'
import { InvariantError } from '../shared/domain/invariant-error.ts'
import type { Suggest } from './text/suggest.ts'
import { CannotRunError, UsageError } from './usage-error.ts'

/** Errors whose message is complete and quotes nothing. */
const SELF_EXPLANATORY = [CannotRunError, DurabilityError, UsageError] as const

const HINTS: readonly (readonly [RegExp, (doctor: string) => string])[] = [
  [
    /Unauthorized|Forbidden|AuthorizationPermissionMismatch|40[13]/i,
    (doctor) => `A role is missing: \`${doctor}\` shows which.`,
  ],
  [/NotFound|404/, (doctor) => `A resource does not exist: \`${doctor}\` shows which.`],
  [/(?:)/, (doctor) => `\`${doctor}\` shows what is wrong, --debug where it happened.`],
]

const NOT_SIGNED_IN =
  'Not signed in. Use `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and a credential in the environment.'

/** An error for the user: of an SDK's only name and code, since its text may quote the request. */
export function failureText(error: unknown, suggest: Suggest): string {
  if (error instanceof ConfigError)
    return ['Reading app settings failed:', ...error.problems.map((problem) => `  - ${problem}`)].join('\n')
  if (error instanceof Error && SELF_EXPLANATORY.some((kind) => error instanceof kind)) return error.message
  if (error instanceof InvariantError)
    return `This is a defect of this program: ${error.message}. Please report it with the command that you ran and its output with --debug.`
  if (error instanceof Error && error.name === 'MessageTooLargeError') return error.message
  if (lacksToken(error)) return NOT_SIGNED_IN
  const name = error instanceof Error ? error.name : typeof error
  const code = errorCode(error)
  const about = code === undefined ? name : `${name}, ${code}`
  const hint = HINTS.find(([pattern]) => pattern.test(about))?.[1](suggest('doctor')) ?? ''
  return `The command failed (${about}). ${hint}`
}
