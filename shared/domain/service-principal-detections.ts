import type { CatalogueEntry } from './catalogue-entry.ts'

const RISK_PAGE = 'https://learn.microsoft.com/entra/id-protection/concept-workload-identity-risk'
const PLAYBOOK =
  'https://learn.microsoft.com/security/operations/incident-response-playbook-compromised-malicious-app'

/** The eight types of Microsoft's "Securing workload identities". All are computed offline. */
export const SERVICE_PRINCIPAL_DETECTIONS: readonly CatalogueEntry[] = [
  {
    riskEventType: 'investigationsThreatIntelligence',
    names: {
      en: 'Microsoft Entra threat intelligence',
      ja: 'Microsoft Entra の脅威インテリジェンス',
      'zh-Hans': 'Microsoft Entra 威胁情报',
    },
    description:
      'Activity matches an attack pattern known to threat intelligence. Look at sign-ins and addresses around the time of activity.',
    severity: 'high',
    techniques: ['T1078.004'],
    links: [RISK_PAGE, PLAYBOOK],
  },
  {
    riskEventType: 'suspiciousSignins',
    names: { en: 'Suspicious sign-ins', ja: '疑わしいサインイン', 'zh-Hans': '可疑登录' },
    description:
      'Sign-ins differ from a learned baseline in address, network, resource, user agent, hosting, country or credential type. Ask for an approved configuration change first.',
    severity: 'medium',
    techniques: ['T1078.004'],
    links: [RISK_PAGE, PLAYBOOK],
  },
  {
    riskEventType: 'adminConfirmedServicePrincipalCompromised',
    names: {
      en: 'Admin confirmed service principal compromised',
      ja: 'サービス プリンシパルがセキュリティ侵害されていることを管理者が確認',
      'zh-Hans': '管理员已确认服务主体被盗用',
    },
    description: 'A person said so, in the portal or by API. The risk history of the principal names who.',
    severity: 'high',
    techniques: ['T1078.004'],
    links: [RISK_PAGE, PLAYBOOK],
  },
  {
    riskEventType: 'leakedCredentials',
    names: { en: 'Leaked credentials', ja: '漏えいした資格情報', 'zh-Hans': '凭据泄漏' },
    description:
      'A valid credential was found in public code, on a paste site or in a breach; the key ids name it. Rotate first, ask later.',
    severity: 'high',
    techniques: ['T1552.001', 'T1078.004'],
    links: [RISK_PAGE, PLAYBOOK],
  },
  {
    riskEventType: 'maliciousApplication',
    names: { en: 'Malicious application', ja: '悪意のあるアプリケーション', 'zh-Hans': '恶意应用程序' },
    description:
      'Microsoft disabled the application for violating its terms. It cannot be deleted, so that it cannot come back; review what it was granted.',
    severity: 'high',
    techniques: ['T1528', 'T1550.001'],
    links: [RISK_PAGE, PLAYBOOK],
  },
  {
    riskEventType: 'suspiciousApplication',
    names: { en: 'Suspicious application', ja: '疑わしいアプリケーション', 'zh-Hans': '可疑应用程序' },
    description:
      'The application may violate terms and is not disabled. Look at its publisher, consent and permissions.',
    severity: 'medium',
    techniques: ['T1528', 'T1550.001'],
    links: [RISK_PAGE, PLAYBOOK],
  },
  {
    riskEventType: 'anomalousServicePrincipalActivity',
    names: {
      en: 'Anomalous service principal activity',
      ja: 'サービス プリンシパルの異常なアクティビティ',
      'zh-Hans': '异常服务主体活动',
    },
    description:
      'Unusual administrative changes in the directory, raised on the principal that made them or on the object changed. Look at the audit log of both.',
    severity: 'medium',
    techniques: ['T1098'],
    links: [RISK_PAGE, PLAYBOOK],
  },
  {
    riskEventType: 'suspiciousAPITraffic',
    names: {
      en: 'Suspicious API traffic',
      ja: 'Suspicious API traffic',
      'zh-Hans': 'Suspicious API traffic',
    },
    description:
      'Unusual Graph traffic or enumeration: reconnaissance or exfiltration. Look at Microsoft Graph activity logs.',
    severity: 'medium',
    techniques: ['T1087.004', 'T1526'],
    links: [RISK_PAGE, PLAYBOOK],
  },
]
