import { at, detection, KEY, PAYROLL, signIn, state } from '../risk/rows.ts'
import {
  ACTIVITY,
  BACKUP,
  BEFORE,
  byBackup,
  type HuntScenario,
  INTRUDER,
  payrollRow,
  risky,
  row,
  SINCE,
} from './hunt-scenario.ts'

const usual = signIn(BEFORE, { AutonomousSystemNumber: '8075', Location: 'CH' })
const intruder = signIn(SINCE, { IPAddress: INTRUDER, AutonomousSystemNumber: '64500', Location: 'CH' })
const user = (name: string, address: string, cells = {}) =>
  row(SINCE, {
    UserId: `id of ${name}`,
    UserPrincipalName: name,
    IPAddress: address,
    ResultType: '0',
    ...cells,
  })

/** Where the identity came from. */
export const signInHunts: readonly HuntScenario[] = [
  {
    title: 'what came after the activity is since the risk began, however late it was detected',
    hunt: 'sign-in-timeline',
    tables: {
      EntraRiskDetections_CL: [risky],
      AADServicePrincipalSignInLogs: [usual, intruder, byBackup(SINCE, { IPAddress: INTRUDER })],
    },
    rows: [
      { ...payrollRow, Phase: 'since', IpAddress: INTRUDER, SignIns: 1 },
      { ...payrollRow, Phase: 'before', IpAddress: '203.0.113.10' },
    ],
  },
  {
    title: 'of an identity whose risk was closed, the activity counts too',
    hunt: 'sign-in-timeline',
    filledIn: { identityId: PAYROLL.toUpperCase() },
    tables: {
      EntraRiskDetections_CL: [risky],
      EntraRiskyIdentities_CL: [state('12:00', '12:02', 'dismissed')],
      AADServicePrincipalSignInLogs: [usual, intruder],
    },
    rows: [{ Phase: 'since', IpAddress: INTRUDER }, { Phase: 'before' }],
  },
  {
    title:
      'an address and a network are new that were first used after the activity, not what was used before',
    hunt: 'sign-in-new-properties',
    tables: {
      EntraRiskDetections_CL: [risky],
      AADServicePrincipalSignInLogs: [usual, intruder, byBackup(SINCE)],
    },
    rows: [
      { ...payrollRow, PropertyName: 'address', PropertyValue: INTRUDER, IpAddress: INTRUDER },
      { ...payrollRow, PropertyName: 'network', PropertyValue: '64500', IpAddress: '' },
    ],
  },
  {
    title:
      'others at the addresses of sign-in and detection are shown once each, your own egress is no such address',
    hunt: 'same-address',
    tables: {
      EntraRiskDetections_CL: [
        detection('09:50', '10:02', { ActivityDateTime: ACTIVITY, IpAddress: '192.0.2.99' }),
      ],
      AADServicePrincipalSignInLogs: [
        usual,
        intruder,
        signIn(BEFORE, { IPAddress: '192.0.2.1' }),
        signIn(SINCE),
        byBackup(SINCE, { IPAddress: INTRUDER, ResultType: '7000215' }),
        byBackup(SINCE),
      ],
      SigninLogs: [user('alice', INTRUDER), user('bob', '203.0.113.10')],
      AADNonInteractiveUserSignInLogs: [user('alice', '192.0.2.99'), user('carol', '192.0.2.1')],
    },
    watchlists: { EntraWorkloadEgress: 'datatable(SearchKey: string) ["203.0.113.0/24"]' },
    rows: [
      {
        Who: 'alice',
        Kind: 'user',
        SignIns: 2,
        IpAddresses: [INTRUDER, '192.0.2.99'],
        RiskyIdentities: ['payroll'],
      },
      { Who: 'backup', WhoId: BACKUP, Kind: 'service principal', SignIns: 1, Successes: 0 },
    ],
  },
]

const dormant = (firstOfTheLog: string, ...signIns: readonly ReturnType<typeof signIn>[]) => ({
  hunt: 'dormant-revived',
  tables: {
    EntraRiskDetections_CL: [risky],
    AADServicePrincipalSignInLogs: [byBackup(firstOfTheLog), byBackup(SINCE), ...signIns],
  },
})
const OLDEST = '2026-08-14T09:00'

/** An identity that nobody used, until its risk began. */
export const dormancy: readonly HuntScenario[] = [
  {
    title: 'a sign-in around the activity after 40 days of silence is shown, with what it used',
    ...dormant(OLDEST, signIn('2026-09-29T09:30'), intruder, signIn('12:00', { IPAddress: '192.0.2.8' })),
    rows: [
      {
        ...payrollRow,
        LastBeforeDateTime: at('2026-09-29T09:30'),
        RevivedDateTime: at(SINCE),
        SilentDays: 40,
        SignIns: 2,
        IpAddresses: [INTRUDER, '192.0.2.8'],
        Credentials: [KEY],
      },
    ],
  },
  {
    title: 'an identity that has signed in within the month is not dormant',
    ...dormant(OLDEST, signIn('2026-10-20T09:30'), intruder),
    rows: [],
  },
  {
    title: 'a refused sign-in is no sign of life',
    ...dormant(
      OLDEST,
      signIn('2026-09-29T09:30'),
      signIn('2026-10-20T09:30', { ResultType: '7000222' }),
      intruder,
    ),
    rows: [{ SilentDays: 40 }],
  },
  {
    title: 'an identity of which the whole log knows nothing before was silent at least that long',
    ...dormant(OLDEST, intruder),
    rows: [{ ...payrollRow, LastBeforeDateTime: null, SignIns: 1 }],
  },
  {
    title: 'the silence of a log that is younger than that says nothing',
    ...dormant('2026-10-20T09:00', intruder),
    rows: [],
  },
  {
    title: 'a sign-in of a week after the detection is not around it',
    hunt: 'dormant-revived',
    tables: {
      EntraRiskDetections_CL: [
        detection('2026-11-01T09:00', '2026-11-01T09:10', { ActivityDateTime: at('2026-10-31T09:00') }),
      ],
      AADServicePrincipalSignInLogs: [byBackup(OLDEST), signIn('2026-09-20T09:00'), signIn('10:00')],
    },
    rows: [],
  },
]

const networksOf = (...signIns: readonly ReturnType<typeof signIn>[]) => ({
  hunt: 'hosting-networks',
  tables: {
    EntraRiskDetections_CL: [risky],
    AADServicePrincipalSignInLogs: [...signIns, byBackup(SINCE, { AutonomousSystemNumber: '64500' })],
  },
})
const LISTED =
  'datatable(SearchKey: string, Network: string, Kind: string) ["64500", "Some VPN", "anonymizing", "8075", "Some cloud", "hosting"]'

/** Whose networks the identity came from. */
export const networks: readonly HuntScenario[] = [
  {
    title: 'with an empty list, the networks are shown that the identity had not used before its risk',
    ...networksOf(usual, signIn(SINCE, { AutonomousSystemNumber: '8075' }), intruder),
    rows: [
      {
        ...payrollRow,
        ListedNetworks: [],
        NewNetworks: ['AS64500'],
        SignIns: 1,
        SignInsBefore: 1,
        IpAddresses: [INTRUDER],
      },
    ],
  },
  {
    title: 'a network of the list is shown by its name, even one that the identity always used',
    ...networksOf(usual, signIn(SINCE, { AutonomousSystemNumber: '8075' }), intruder),
    watchlists: { EntraWorkloadNetworks: LISTED },
    rows: [
      {
        ListedNetworks: ['AS8075 Some cloud (hosting)', 'AS64500 Some VPN (anonymizing)'],
        NewNetworks: ['AS64500 Some VPN'],
        SignIns: 2,
      },
    ],
  },
  {
    title: 'your own egress is no such network, and what the identity always used is not new',
    ...networksOf(usual, signIn(SINCE, { AutonomousSystemNumber: '8075' }), intruder),
    watchlists: { EntraWorkloadEgress: `datatable(SearchKey: string) ["${INTRUDER}/32"]` },
    rows: [],
  },
]
