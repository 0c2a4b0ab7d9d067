import { isJsonObject, type Json } from '../json.ts'

const RISK_DETAIL = [
  'm365DAdminDismissedDetection',
  'adminConfirmedServicePrincipalCompromised',
  'adminDismissedAllRiskForServicePrincipal',
  'userChangedPasswordOnPremises',
  'adminDismissedRiskForSignIn',
  'adminConfirmedAccountSafe',
  'microsoftRevokedSessions',
  'adminConfirmedAgentSafe',
  'adminConfirmedAgentCompromised',
  'adminDismissedRiskForAgent',
]

/** Members behind `unknownFutureValue`, per property of an enumerated type. */
const LATER: Readonly<Record<string, readonly string[]>> = {
  activity: ['servicePrincipal'],
  riskDetail: RISK_DETAIL,
  detail: RISK_DETAIL,
  identityType: ['agentIdentityBlueprintPrincipal'],
  tokenIssuerType: ['AzureADBackupAuth', 'ADFederationServicesMFAAdapter', 'NPSExtension'],
}

const future = (name: string): string =>
  name === 'tokenIssuerType' ? 'UnknownFutureValue' : 'unknownFutureValue'

/**
 * What a client sees that did not send `Prefer: include-unknown-enum-members`. Source:
 * https://learn.microsoft.com/graph/best-practices-concept#handling-future-members-in-evolvable-enumerations
 */
export function withoutLaterMembers(value: Json, name = ''): Json {
  if (typeof value === 'string') return LATER[name]?.includes(value) === true ? future(name) : value
  if (Array.isArray(value)) return value.map((element: Json) => withoutLaterMembers(element))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withoutLaterMembers(member, key)]),
  )
}
