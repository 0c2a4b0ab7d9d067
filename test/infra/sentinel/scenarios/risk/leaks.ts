import { type ArrivedRow, at, audit, detection, KEY, PAYROLL, signIn } from './rows.ts'
import { MORNING, many, type RiskScenario } from './scenario.ts'

const LEAK = { RiskEventType: 'leakedCredentials', KeyIds: [KEY] }
const USED = 'High Leaked credential of payroll: used since it leaked'

const removal = (when: string): ArrivedRow =>
  audit(when, 'Update service principal - Certificates and secrets management', { user: { id: PAYROLL } }, [
    {
      displayName: 'KeyDescription',
      oldValue: `["[KeyIdentifier=${KEY},KeyType=Password,KeyUsage=Verify,DisplayName=]"]`,
      newValue: '[]',
    },
  ])

/** Leaked credentials: one alert for a leak. */
export const leaks: readonly RiskScenario[] = [
  {
    title: 'a leak that was dismissed as false alerts nobody, from however many addresses the key is used',
    rule: 'leaked-credential-in-use',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [
        detection('2026-11-05T09:00', '2026-11-05T09:10', LEAK),
        detection('2026-11-06T09:00', '2026-11-06T09:10', {
          ...LEAK,
          RiskState: 'dismissed',
          RiskLevel: 'none',
        }),
      ],
      AADServicePrincipalSignInLogs: many(30, (n) => signIn('10:30', { IPAddress: `198.18.0.${n}` })),
    },
    alerts: [],
  },
  {
    title: 'one leak is one alert, from however many addresses the key is used, and however often',
    rule: 'leaked-credential-in-use',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('09:50', '10:02', LEAK)],
      AADServicePrincipalSignInLogs: [
        ...many(200, (n) => signIn('10:30', { IPAddress: `198.18.0.${n}` })),
        signIn('12:30', { IPAddress: '198.18.1.1' }),
      ],
    },
    alerts: [`11:00 ${USED}`],
  },
  {
    title: 'a leak began when the activity was: a use before it was found counts',
    rule: 'leaked-credential-in-use',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [
        detection('09:50', '10:02', { ...LEAK, ActivityDateTime: at('2026-11-08T09:00') }),
      ],
      AADServicePrincipalSignInLogs: [signIn('2026-11-08T10:00')],
    },
    alerts: [`11:00 ${USED}`],
  },
  {
    title: 'a leak that names no key counts for any credential',
    rule: 'leaked-credential-in-use',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('09:50', '10:02', { ...LEAK, KeyIds: [] })],
      AADServicePrincipalSignInLogs: [signIn('10:30')],
    },
    alerts: [`11:00 ${USED}`],
  },
  {
    title: 'a sign-in with another key than the one that leaked is none',
    rule: 'leaked-credential-in-use',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('09:50', '10:02', LEAK)],
      AADServicePrincipalSignInLogs: [signIn('10:30', { ServicePrincipalCredentialKeyId: PAYROLL })],
    },
    alerts: [],
    defect: {
      file: 'leaked-credential-in-use',
      from: 'isnotempty(CredentialKeyId) and KeyIds has CredentialKeyId',
      to: 'isnotempty(CredentialKeyId)',
    },
  },
  {
    title: 'a key that nobody removed is told after a day, once, and again when it is used after that',
    rule: 'leaked-credential-in-use',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('2026-11-09T09:50', '2026-11-09T10:02', LEAK)],
      AADServicePrincipalSignInLogs: [signIn('12:30')],
    },
    alerts: ['11:00 Medium Leaked credential of payroll: not removed', `13:00 ${USED}`],
  },
  {
    title: 'a leak that names no key counts as cleaned once a credential was removed since',
    rule: 'leaked-credential-in-use',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('2026-11-09T09:50', '2026-11-09T10:02', { ...LEAK, KeyIds: [] })],
      AuditLogs: [removal('2026-11-09T15:00')],
    },
    alerts: [],
  },
  {
    title: 'and not by one that was removed before',
    rule: 'leaked-credential-in-use',
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('2026-11-09T09:50', '2026-11-09T10:02', { ...LEAK, KeyIds: [] })],
      AuditLogs: [removal('2026-11-08T15:00')],
    },
    alerts: ['11:00 Medium Leaked credential of payroll: not removed'],
    defect: {
      file: 'leaked-credential-in-use',
      from: 'RemovedDateTime > RiskBeganDateTime',
      to: 'isnotnull(RemovedDateTime)',
    },
  },
]
