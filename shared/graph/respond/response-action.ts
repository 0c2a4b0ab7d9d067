/** What an operator can do about an identity at risk, as the command names it. */
export const RESPONSE_ACTIONS = [
  'confirm-compromised',
  'dismiss',
  'confirm-safe',
  'disable',
  'enable',
  'remove-credential',
] as const

export type ResponseActionName = (typeof RESPONSE_ACTIONS)[number]
export type RiskActionName = Extract<ResponseActionName, 'confirm-compromised' | 'dismiss' | 'confirm-safe'>

export type ResponseAction =
  | { readonly name: Exclude<ResponseActionName, 'remove-credential'> }
  | {
      readonly name: 'remove-credential'
      readonly keyId: string
      /** Also if no valid credential is left to an enabled identity. */
      readonly force: boolean
    }

/** As many as Graph takes in one request: https://learn.microsoft.com/graph/api/riskyserviceprincipal-dismiss */
export const MAX_IDENTITIES = 60

/** The name of a risk action in Graph's addresses. */
export const GRAPH_ACTION: Readonly<Record<RiskActionName, string>> = {
  'confirm-compromised': 'confirmCompromised',
  dismiss: 'dismiss',
  'confirm-safe': 'confirmSafe',
}

export const isRiskAction = (name: ResponseActionName): name is RiskActionName => name in GRAPH_ACTION
