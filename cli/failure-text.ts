import { errorCode } from '../shared/azure/error-code.ts'
import { lacksToken } from '../shared/azure/lacks-token.ts'
import { ConfigError } from '../shared/config/config-error.ts'
import { DurabilityError } from '../shared/domain/durability-error.ts'
import { InvariantError } from '../shared/domain/invariant-error.ts'
import { EvidenceError } from '../shared/evidence/evidence-error.ts'
import { CopyError } from '../shared/evidence/verify/folder-copy.ts'
import { UnreadableBlobError } from '../shared/operations/readable-lines.ts'
import type { Suggest } from './text/suggest.ts'
import { CannotRunError, UsageError } from './usage-error.ts'

/** Errors whose message is complete and quotes nothing. */
const SELF_EXPLANATORY = [
  CannotRunError,
  CopyError,
  DurabilityError,
  EvidenceError,
  UnreadableBlobError,
  UsageError,
] as const

/** What to check, by what the error is about: the first that fits. */
type Hints = readonly (readonly [RegExp, string])[]

const REFUSED = /Unauthorized|Forbidden|AuthorizationPermissionMismatch|40[13]/i
const NOT_FOUND = /NotFound|404/

/** What to check in an app. */
export function appHints(suggest: Suggest): Hints {
  const doctor = `\`${suggest('doctor')}\``
  return [
    [REFUSED, `A role is missing: ${doctor} shows which.`],
    [NOT_FOUND, `A resource does not exist: ${doctor} shows which.`],
    [/(?:)/, `${doctor} shows what is wrong, --debug where it happened.`],
  ]
}

/** What to check in an account of which only the endpoint is known. */
export const ACCOUNT_HINTS: Hints = [
  [
    REFUSED,
    'You need the role Storage Blob Data Reader on the containers archive, evidence and evidence-fixed of this account, and its firewall must let you in.',
  ],
  [
    NOT_FOUND,
    'The account lacks a container: archive, evidence or evidence-fixed. If its app has another EVIDENCE_LOG, set that variable to the same.',
  ],
  [/(?:)/, 'Check the URL behind --account and your connection; --debug shows where it happened.'],
]

const NOT_SIGNED_IN =
  'Not signed in. Use `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and a credential in the environment.'

/** An error for the user: of an SDK's only name and code, since its text may quote the request. */
export function failureText(error: unknown, hints: Hints): string {
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
  const hint = hints.find(([pattern]) => pattern.test(about))?.[1] ?? ''
  return `The command failed (${about}). ${hint}`
}
