import type { CatalogueEntry } from './catalogue-entry.ts'

const AGENTS_PAGE = 'https://learn.microsoft.com/entra/id-protection/concept-risky-agents'
const ACCESS_PAGE = 'https://learn.microsoft.com/entra/identity/conditional-access/agent-id'
const LINKS = [AGENTS_PAGE, ACCESS_PAGE] as const

/** A name that Microsoft publishes in English only. */
const inEnglish = (en: string): CatalogueEntry['names'] => ({ en, ja: en, 'zh-Hans': en })

/**
 * Detection types of Microsoft's "ID Protection for agents", November 2025 and June 2026. The later
 * edition adds three and drops `riskyUserSignIn`, since that risk is now reported on the user. All
 * are computed offline.
 */
export const AGENT_DETECTIONS: readonly CatalogueEntry[] = [
  {
    riskEventType: 'unfamiliarResourceAccess',
    names: inEnglish('Unfamiliar resource access'),
    description:
      'The agent went to resources that it does not usually use. Compare them with what the agent was made for, and look since when it does so.',
    severity: 'medium',
    techniques: ['T1078.004'],
    links: LINKS,
  },
  {
    riskEventType: 'signInSpike',
    names: inEnglish('Sign-in spike'),
    description:
      'The agent signed in more often than usual: automation or a toolkit. Compare with deployments, and with what called the agent.',
    severity: 'medium',
    techniques: ['T1078.004'],
    links: LINKS,
  },
  {
    riskEventType: 'failedAccessAttempt',
    names: inEnglish('Failed access attempt'),
    description:
      'The agent tried resources for which it has no right: a token of it may be replayed elsewhere. Look which token, and from where.',
    severity: 'medium',
    techniques: ['T1550.001'],
    links: LINKS,
  },
  {
    riskEventType: 'riskyUserSignIn',
    names: inEnglish('Sign-in by risky user'),
    description:
      'The agent signed in on behalf of a user who is at risk. Investigate the user first, then what the agent did for them.',
    severity: 'medium',
    techniques: ['T1078.004'],
    links: LINKS,
  },
  {
    riskEventType: 'adminConfirmedAgentCompromised',
    names: inEnglish('Confirmed compromised'),
    description:
      'A person said so, in the portal or by API; the level becomes high. The audit log names who.',
    severity: 'high',
    techniques: ['T1078.004'],
    links: LINKS,
  },
  {
    riskEventType: 'threatIntelligenceAccount',
    names: {
      en: 'Microsoft Entra threat intelligence',
      ja: 'Microsoft Entra の脅威インテリジェンス',
      'zh-Hans': 'Microsoft Entra 威胁情报',
    },
    description:
      'Activity of the agent matches an attack pattern known to threat intelligence. Look at its sign-ins around the time of activity.',
    severity: 'high',
    techniques: ['T1078.004'],
    links: LINKS,
  },
  {
    riskEventType: 'earlyLifeMaliciousActivity',
    names: inEnglish('Early life malicious activity'),
    description:
      'A newly created agent behaved like an attacker at once. Look who created it, and from which blueprint.',
    severity: 'high',
    techniques: ['T1078.004'],
    links: LINKS,
  },
  {
    riskEventType: 'entraDirectoryReconnaissance',
    names: inEnglish('Entra Directory Reconnaissance'),
    description:
      'The agent explored the directory, or did dangerous operations there. Look at the audit log and the Microsoft Graph activity logs.',
    severity: 'medium',
    techniques: ['T1087.004', 'T1526'],
    links: LINKS,
  },
  {
    riskEventType: 'suspiciousCredentialUsage',
    names: inEnglish('Suspicious credential usage'),
    description:
      'A credential was added to the blueprint of the agent, and then used. Look who added it; all agents of that blueprint are concerned.',
    severity: 'high',
    techniques: ['T1098.001'],
    links: LINKS,
  },
]
