import { type ArrivedRow, at, detection, KEY, PAYROLL, signIn, state } from '../risk/rows.ts'
import { MORNING, many, type RiskScenario } from '../risk/scenario.ts'
import { entry, ofPayrollApp, payroll, payrollApplication, secretAdded } from './entries.ts'

const RULE = 'sign-in-while-at-risk'
const signedIn = (severity: string, finding: string): string =>
  `${severity} Sign-in of payroll while at risk: ${finding}`
const NEW = signedIn('High', 'by a new network or credential')
const USUAL = signedIn('Medium', 'as before')
const OTHER_KEY = KEY.replaceAll('7', '5')
const before = signIn('2026-11-05T09:00', { AutonomousSystemNumber: '8075' })
const atRisk = state('09:50', '10:02', 'atRisk')

const byFederated = (when: string, id: string): ArrivedRow =>
  signIn(when, { FederatedCredentialId: id, ServicePrincipalCredentialKeyId: '' })

/** Sign-ins of identities at risk. */
export const signIns: readonly RiskScenario[] = [
  {
    title:
      'a sign-in of two days before the detection, when the activity was, from a new address with a new key',
    rule: RULE,
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('09:50', '10:02', { ActivityDateTime: at('2026-11-08T09:00') })],
      AADServicePrincipalSignInLogs: [
        before,
        signIn('2026-11-08T09:30', { IPAddress: '198.51.100.9', ServicePrincipalCredentialKeyId: OTHER_KEY }),
      ],
    },
    alerts: [`11:00 ${NEW}`],
  },
  {
    title: 'an identity on runners with 200 addresses is one alert',
    rule: RULE,
    ...MORNING,
    tables: {
      EntraRiskyIdentities_CL: [atRisk],
      AADServicePrincipalSignInLogs: many(200, (n) => signIn('10:30', { IPAddress: `198.18.0.${n}` })),
    },
    alerts: [`11:00 ${signedIn('High', 'nothing to compare with')}`],
  },
  {
    title: 'runners of the network that the identity always used are as before',
    rule: RULE,
    ...MORNING,
    tables: {
      EntraRiskyIdentities_CL: [atRisk],
      AADServicePrincipalSignInLogs: [
        before,
        ...many(200, (n) => signIn('10:30', { IPAddress: `198.18.0.${n}`, AutonomousSystemNumber: '8075' })),
      ],
    },
    alerts: [`11:00 ${USUAL}`],
  },
  {
    title: 'what is new after the usual sign-ins were told alerts once more, and then no more',
    rule: RULE,
    ...MORNING,
    tables: {
      EntraRiskyIdentities_CL: [atRisk],
      AADServicePrincipalSignInLogs: [
        before,
        signIn('10:30', { AutonomousSystemNumber: '8075' }),
        signIn('12:30', { AutonomousSystemNumber: '64500' }),
        signIn('13:30', { AutonomousSystemNumber: '64501' }),
      ],
    },
    alerts: [`11:00 ${USUAL}`, `13:00 ${NEW}`],
  },
  {
    title: 'the use of a leaked key is told by the rule of leaks alone',
    rule: RULE,
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [
        detection('09:50', '10:02', { RiskEventType: 'leakedCredentials', KeyIds: [KEY] }),
      ],
      AADServicePrincipalSignInLogs: [signIn('10:30')],
    },
    alerts: [],
  },
  {
    title: 'the use of a key that was added around a detection is told by the rule of new credentials alone',
    rule: RULE,
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('09:50', '10:02')],
      AuditLogs: [secretAdded('10:20', OTHER_KEY)],
      AADServicePrincipalSignInLogs: [
        before,
        signIn('10:30', { ServicePrincipalCredentialKeyId: OTHER_KEY }),
      ],
    },
    alerts: [],
  },
  {
    title: 'an entry that names no key hides no sign-in without one',
    rule: RULE,
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('09:50', '10:02')],
      AuditLogs: [entry('10:20', 'Add service principal credentials', [payroll()])],
      AADServicePrincipalSignInLogs: [before, byFederated('10:30', 'new')],
    },
    alerts: [`11:00 ${NEW}`],
  },
  {
    title: 'a key that the responder added, days after the detection, is no intruder',
    rule: RULE,
    ...MORNING,
    tables: {
      EntraRiskDetections_CL: [detection('2026-11-07T09:50', '2026-11-07T10:02')],
      AuditLogs: [
        entry('09:40', 'ConfirmServicePrincipalCompromised', [payroll()]),
        secretAdded('10:20', OTHER_KEY),
      ],
      AADServicePrincipalSignInLogs: [
        before,
        signIn('10:30', { ServicePrincipalCredentialKeyId: OTHER_KEY }),
      ],
    },
    alerts: [],
  },
  {
    title: 'a state that arrives from both sources is one alert',
    rule: RULE,
    ...MORNING,
    tables: {
      AADRiskyServicePrincipals: [
        {
          arrivedAt: at('09:58'),
          cells: {
            TimeGenerated: at('09:56'),
            Id: PAYROLL,
            DisplayName: 'payroll',
            RiskLevel: 'high',
            RiskState: 'atRisk',
            RiskLastUpdatedDateTime: at('09:00'),
          },
        },
      ],
      EntraRiskyIdentities_CL: [state('09:00', '10:02', 'atRisk')],
      AADServicePrincipalSignInLogs: [signIn('09:30')],
    },
    alerts: [`10:00 ${signedIn('High', 'nothing to compare with')}`],
  },
]

const USED = 'High New credential of payroll was used'
const added = (entries: readonly ArrivedRow[], uses: readonly ArrivedRow[]) => ({
  rule: 'new-credential-used',
  ...MORNING,
  tables: {
    EntraRiskDetections_CL: [detection('09:50', '10:02')],
    AuditLogs: entries,
    AADServicePrincipalSignInLogs: uses,
  },
})
const federated = (when: string): ArrivedRow =>
  entry(
    when,
    'Update application',
    [payrollApplication(['FederatedIdentityCredentials', '[{"Name":"gh","Subject":"repo:evil/x"}]', '[]'])],
    ofPayrollApp,
  )

/** Sign-ins with what was added around a detection. */
export const newCredentials: readonly RiskScenario[] = [
  {
    title: 'a key that was added around a detection is used: once, however often',
    ...added([secretAdded('10:20', KEY)], [signIn('11:30'), signIn('12:30', { IPAddress: '203.0.113.11' })]),
    alerts: [`12:00 ${USED}`],
  },
  {
    title: 'a key that is not used, is refused, or was there before is not told',
    ...added(
      [secretAdded('10:20', KEY)],
      [
        signIn('11:30', { ServicePrincipalCredentialKeyId: OTHER_KEY }),
        signIn('11:40', { ResultType: '7000215' }),
      ],
    ),
    alerts: [],
    defect: {
      file: 'new-credential-used',
      from: 'AddedKeyIds has CredentialKeyId',
      to: 'isnotempty(CredentialKeyId)',
    },
  },
  {
    title: 'a federated credential that was added is used; one that was used before is not new',
    ...added([federated('10:20')], [byFederated('09:00', 'known'), byFederated('11:30', 'new')]),
    alerts: [`12:00 ${USED}`],
  },
  {
    title: 'two keys used in one hour are one alert, a third one later is another',
    ...added(
      [
        secretAdded('10:20', KEY),
        secretAdded('10:21', OTHER_KEY),
        secretAdded('10:22', KEY.replaceAll('7', '6')),
      ],
      [
        signIn('11:30'),
        signIn('11:31', { ServicePrincipalCredentialKeyId: OTHER_KEY }),
        signIn('12:30', { ServicePrincipalCredentialKeyId: KEY.replaceAll('7', '6') }),
      ],
    ),
    alerts: [`12:00 ${USED}`, `13:00 ${USED}`],
  },
]

const other = (n: number): string => PAYROLL.replace('11111111', `${n}`.repeat(8))
const atRiskToo = (n: number, arrived: string): ArrivedRow =>
  state('09:50', arrived, 'atRisk', { IdentityId: other(n), IdentityDisplayName: `app ${n}` })
const from = (n: number, when: string, address = '192.0.2.7'): ArrivedRow =>
  signIn(when, { ServicePrincipalId: other(n), IPAddress: address })
const SIX = [1, 2, 3, 4, 5, 6]
const sharedRule = { rule: 'same-address-two-identities', ...MORNING } as const

/** Addresses that identities at risk share. */
export const sharedAddresses: readonly RiskScenario[] = [
  {
    title: 'six identities at risk behind one address are one alert',
    ...sharedRule,
    tables: {
      EntraRiskyIdentities_CL: SIX.map((n) => atRiskToo(n, '10:02')),
      AADServicePrincipalSignInLogs: SIX.map((n) => from(n, '10:30')),
    },
    alerts: ['11:00 High 6 identities at risk share the address 192.0.2.7'],
  },
  {
    title: 'further identities at an address that was told are no news',
    ...sharedRule,
    tables: {
      EntraRiskyIdentities_CL: SIX.map((n) => atRiskToo(n, n > 2 ? '11:30' : '10:02')),
      AADServicePrincipalSignInLogs: SIX.map((n) => from(n, '10:30')),
    },
    alerts: ['11:00 Medium 2 identities at risk share the address 192.0.2.7'],
  },
  {
    title: 'an egress address in the watchlist says nothing, of either kind',
    ...sharedRule,
    tables: {
      EntraRiskyIdentities_CL: SIX.map((n) => atRiskToo(n, '10:02')),
      AADServicePrincipalSignInLogs: [
        ...SIX.map((n) => from(n, '10:30')),
        ...SIX.map((n) => from(n, '10:30', '2001:db8::7')),
      ],
    },
    watchlists: {
      EntraWorkloadEgress: 'datatable(SearchKey: string) ["192.0.2.0/28", "2001:db8::/64"]',
    },
    alerts: [],
  },
  {
    title: 'an identity that is not at risk, or signed in before it was, shares nothing',
    ...sharedRule,
    tables: {
      EntraRiskyIdentities_CL: [atRiskToo(1, '10:02'), atRiskToo(2, '10:02')],
      AADServicePrincipalSignInLogs: [from(1, '10:30'), from(2, '09:00'), from(3, '10:30')],
    },
    alerts: [],
    defect: {
      file: 'same-address-two-identities',
      from: 'SeenDateTime >= RiskBeganDateTime and ',
      to: '',
    },
  },
]
