/** What the solution says about itself. */
export const SOLUTION = {
  name: 'Entra Workload Identity Risk',
  version: '3.0.0',
  publisherId: 'entra-risk-export',
  offerId: 'entra-workload-identity-risk',
  publisher: 'Entra risk export',
  author: 'Entra risk export',
  firstPublishDate: '2026-11-29',
  repository: 'https://github.com/entra-risk-export/entra-risk-export',
  domains: ['Identity', 'Security - Threat Protection', 'Security - Automation (SOAR)'],
  description:
    "Risk of service principals and agent identities in Microsoft Entra ID Protection, as [Entra risk export](https://github.com/entra-risk-export/entra-risk-export) writes it to custom tables: functions that drop copies and join Microsoft's own tables, analytics rules, hunting queries, a workbook, watchlists for tuning, and playbooks that contain an identity through Microsoft Graph.",
} as const

export const SOLUTION_ID = `${SOLUTION.publisherId}.${SOLUTION.offerId}`

export const SUPPORT = {
  tier: 'Community',
  name: SOLUTION.author,
  link: `${SOLUTION.repository}/issues`,
} as const

export const LOGO_PATH = 'Logos/entra-workload-identity-risk.svg'
export const LOGO_TAG = `<img src="https://raw.githubusercontent.com/Azure/Azure-Sentinel/master/${LOGO_PATH}" width="75px" height="75px">`

/** The data connector page. */
export const CONNECTOR_ID = 'EntraWorkloadIdentityRisk'
export const CONNECTOR_VERSION = '1.0.0'

export const WORKBOOK = {
  key: 'EntraWorkloadRiskWorkbook',
  file: 'entra-workload-risk.json',
  templateId: 'sentinel-EntraWorkloadRisk',
  title: 'Entra workload identity risk',
  version: '1.1.0',
  description:
    'Who is at risk and since when, trend and time to close, one identity from detection to evidence, and whether the export is complete.',
} as const
