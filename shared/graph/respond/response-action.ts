/** Actions of the `respond` command. */
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
      /** Remove it even if it is the last valid credential of an enabled identity. */
      readonly force: boolean
    }

/** Graph's limit per request: https://learn.microsoft.com/graph/api/riskyserviceprincipal-dismiss */
export const MAX_IDENTITIES = 60

/** Graph's name of a risk action, in the URL. */
export const GRAPH_ACTION: Readonly<Record<RiskActionName, string>> = {
  'confirm-compromised': 'confirmCompromised',
  dismiss: 'dismiss',
  'confirm-safe': 'confirmSafe',
}

export const isRiskAction = (name: ResponseActionName): name is RiskActionName => name in GRAPH_ACTION
