import { ago, ahead, type FixtureCase, type FixtureRow } from '../fixture.ts'
import {
  change,
  detection,
  guidOf,
  INGESTED_LATE,
  keys,
  row,
  signIn,
  state,
  timesOf,
  type When,
} from './rows.ts'

const with72HoursDelay = { LastUpdatedDateTime: ago('80h'), DetectedDateTime: ago('80h') }

const keyAdded = (identity: string, at: string): FixtureRow =>
  change(`adds a key to "${identity}"`, {
    operation: 'Add service principal credentials',
    at,
    actor: 'admin@contoso.example',
    target: identity,
    properties: [
      { displayName: 'KeyDescription', oldValue: '[]', newValue: keys(guidOf(`key ${identity}`)) },
    ],
  })

const withNewKey = (identity: string, note: string, at: When, cells = {}): FixtureRow =>
  signIn(identity, note, at, { ServicePrincipalCredentialKeyId: guidOf(`key ${identity}`), ...cells })

const grantBy = (actor: string, grantee: string, at: When): FixtureRow =>
  change(`"${actor}" grants a role to "${grantee}"`, {
    operation: 'Add app role assignment to service principal',
    at,
    actor,
    byApplication: true,
    target: 'Microsoft Graph',
    properties: [
      { displayName: 'AppRole.Value', oldValue: '', newValue: '"Mail.Read"' },
      { displayName: 'ServicePrincipal.ObjectID', oldValue: '', newValue: `"${guidOf(grantee)}"` },
    ],
  })

const context = (identity: string, note: string, at: When, tier: number, coverage: string): FixtureRow =>
  row(note, at, {
    LastUpdatedDateTime: timesOf(at).sent,
    IdentityId: guidOf(identity),
    WorstPermission: 'Application.ReadWrite.All',
    WorstPermissionTier: tier,
    ConditionalAccessCoverage: coverage,
  })

/** Rules about what an intruder gained, and what an identity can do. */
export const privilegeCases: readonly FixtureCase[] = [
  {
    of: 'new-credential-used',
    key: 'IdentityDisplayName',
    expected: ['used', 'detection delivered 72 hours late', 'sign-in ingested 72 hours late'],
    next: [],
    tables: {
      EntraRiskDetections_CL: [
        detection('used', 'fires with the sign-in of 20 minutes ago', '5h'),
        detection('detection delivered 72 hours late', 'key and sign-in are older', '20m', with72HoursDelay),
        detection('sign-in ingested 72 hours late', 'key and sign-in are as old', '80h'),
        detection('not used', 'silent: only the old key signs in', '5h'),
        detection('refused', 'silent: the sign-in failed', '5h'),
        detection('alerted before', 'silent: all of it was there an hour ago', '9h'),
        detection('dismissed', 'silent: closed', '5h', { RiskState: 'dismissed' }),
      ],
      AuditLogs: [
        ...['used', 'not used', 'refused', 'dismissed'].map((name) => keyAdded(name, '4h')),
        keyAdded('detection delivered 72 hours late', '79h'),
        keyAdded('sign-in ingested 72 hours late', '79h'),
        keyAdded('alerted before', '8h'),
        keyAdded('not at risk', '4h'),
      ],
      AADServicePrincipalSignInLogs: [
        withNewKey('used', 'with the new key', '20m'),
        withNewKey('used', 'again, in the same alert', '10m'),
        withNewKey('detection delivered 72 hours late', 'with the new key', '70h'),
        withNewKey('sign-in ingested 72 hours late', 'known now, three days later', INGESTED_LATE),
        signIn('not used', 'with another key', '20m', { ServicePrincipalCredentialKeyId: guidOf('old') }),
        withNewKey('refused', 'refused', '20m', { ResultType: '7000222' }),
        withNewKey('alerted before', 'with the new key', '7h'),
        withNewKey('dismissed', 'with the new key', '20m'),
        withNewKey('not at risk', 'with the new key', '20m'),
      ],
    },
  },
  {
    of: 'identity-at-risk-changed-another',
    key: 'IdentityDisplayName',
    expected: ['grants', 'state delivered 72 hours late', 'grant ingested 72 hours late'],
    next: [],
    tables: {
      EntraRiskyIdentities_CL: [
        state('grants', 'at risk', '5h', 'atRisk'),
        state('state delivered 72 hours late', 'at risk for three days, known now', '20m', 'atRisk', {
          LastUpdatedDateTime: ago('80h'),
        }),
        state('grant ingested 72 hours late', 'at risk', '80h', 'atRisk'),
        state('grants to itself', 'at risk', '5h', 'atRisk'),
        state('granted before', 'at risk', '5h', 'atRisk'),
        state('alerted before', 'at risk', '9h', 'atRisk'),
        state('dismissed', 'dismissed', '5h', 'dismissed'),
      ],
      AuditLogs: [
        grantBy('grants', 'other', '20m'),
        grantBy('grants', 'another', '15m'),
        grantBy('state delivered 72 hours late', 'other', '40h'),
        grantBy('grant ingested 72 hours late', 'other', INGESTED_LATE),
        grantBy('grants to itself', 'grants to itself', '20m'),
        grantBy('granted before', 'other', '6h'),
        grantBy('alerted before', 'other', '4h'),
        grantBy('dismissed', 'other', '20m'),
        grantBy('not at risk', 'other', '20m'),
      ],
    },
  },
  {
    of: 'privileged-identity-at-risk',
    key: 'strcat(IdentityDisplayName, ": ", AlertSeverity)',
    expected: [
      'controls the tenant: High',
      'blocked: Medium',
      'state delivered 72 hours late: Medium',
      'ingested 72 hours late: Medium',
    ],
    next: ['context arrives after the run: High'],
    tables: {
      EntraRiskyIdentities_CL: [
        state('controls the tenant', 'fires', '20m', 'atRisk'),
        state('blocked', 'fires, and lower', '20m', 'atRisk'),
        state('state delivered 72 hours late', 'fires: manages services', '20m', 'atRisk', {
          LastUpdatedDateTime: ago('80h'),
        }),
        state('ingested 72 hours late', 'fires: manages services', INGESTED_LATE, 'atRisk'),
        state('context arrives after the run', 'silent until it is known', '20m', 'atRisk'),
        state('reaches users', 'silent: not privileged', '20m', 'atRisk'),
        state('not read', 'silent: nothing is known of it', '20m', 'atRisk'),
        state('alerted before', 'silent: an earlier run had it', '5h', 'atRisk'),
        state('dismissed', 'silent: closed', '20m', 'dismissed'),
      ],
      EntraIdentityContext_CL: [
        context('controls the tenant', 'nothing blocks it', '15m', 0, 'notCovered'),
        context('blocked', 'Conditional Access blocks it', '15m', 0, 'blocked'),
        context('state delivered 72 hours late', 'nothing blocks it', '15m', 1, 'reportOnly'),
        context('ingested 72 hours late', 'nothing blocks it', '70h', 1, 'notCovered'),
        context(
          'context arrives after the run',
          'fires in the next run',
          { sent: ago('10m'), arrived: ahead('5m') },
          0,
          'notCovered',
        ),
        context('reaches users', 'of the lowest tier', '15m', 2, 'notCovered'),
        context('alerted before', 'known then', '5h', 0, 'notCovered'),
        context('alerted before', 'read again', '15m', 0, 'notCovered'),
        context('dismissed', 'privileged', '15m', 0, 'notCovered'),
      ],
    },
  },
]
