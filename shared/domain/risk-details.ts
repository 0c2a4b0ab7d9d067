/**
 * Labels of Microsoft's risk details for workload identities; other values pass through unchanged.
 * Sources: https://learn.microsoft.com/graph/api/resources/riskyserviceprincipal and
 * https://learn.microsoft.com/graph/api/resources/riskyagent?view=graph-rest-beta
 */
export const RISK_DETAILS: ReadonlyMap<string, string> = new Map([
  ['none', 'No decision of an admin'],
  ['hidden', 'Hidden: the licence does not show it'],
  ['adminConfirmedServicePrincipalCompromised', 'Admin confirmed service principal compromised'],
  ['adminDismissedAllRiskForServicePrincipal', 'Admin dismissed all risk for service principal'],
  ['adminConfirmedAgentCompromised', 'Admin confirmed agent compromised'],
  ['adminConfirmedAgentSafe', 'Admin confirmed agent safe'],
  ['adminDismissedRiskForAgent', 'Admin dismissed risk for agent'],
])
