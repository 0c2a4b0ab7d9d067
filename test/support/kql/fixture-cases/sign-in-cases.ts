import { ago, ahead, type FixtureCase } from '../fixture.ts'
import {
  AFTER_RUN,
  change,
  detection,
  failed,
  guidOf,
  INGESTED_LATE,
  keys,
  nativeState,
  signIn,
  state,
} from './rows.ts'

const leak = (key: string, cells = {}) => ({
  RiskEventType: 'leakedCredentials',
  KeyIds: [guidOf(key)],
  ...cells,
})
const with72HoursDelay = { LastUpdatedDateTime: ago('80h'), DetectedDateTime: ago('80h') }

/** Rules that join risk with sign-ins. */
export const signInCases: readonly FixtureCase[] = [
  {
    of: 'leaked-credential-in-use',
    key: 'strcat(IdentityDisplayName, ": ", Finding)',
    expected: [
      'used: used since it leaked',
      'leak delivered 72 hours late: used since it leaked',
      'kept: not removed',
      'removal failed: not removed',
      'key unknown: not removed',
      'sign-in ingested 72 hours late: used since it leaked',
    ],
    next: ['kept, its day ends in the next run: not removed'],
    tables: {
      EntraRiskDetections_CL: [
        detection('used', 'fires with the sign-in of 20 minutes ago', '5h', leak('key 1')),
        detection(
          'leak delivered 72 hours late',
          'fires: the sign-in lies between finding and delivery',
          '20m',
          {
            ...leak('key 2'),
            ...with72HoursDelay,
          },
        ),
        detection('used before it was found', 'silent: the sign-in is older', '20m', leak('key 3')),
        detection('used, alerted before', 'silent: both halves were there an hour ago', '5h', leak('key 11')),
        detection('refused', 'silent: the sign-in failed', '5h', leak('key 12')),
        detection('no leak', 'silent: another type of detection', '5h', { KeyIds: [guidOf('key 13')] }),
        detection('another key used', 'silent: not the leaked key', '3h', leak('key 4')),
        detection('kept', 'fires: nobody removed the key within a day', '24h30m', leak('key 5')),
        detection('kept, its day ends in the next run', 'silent until then', '23h30m', leak('key 15')),
        detection('sign-in ingested 72 hours late', 'with the sign-in after it', '80h', leak('key 16')),
        detection('removed', 'silent: the key was removed', '24h30m', leak('key 6')),
        detection('kept, alerted before', 'silent: an earlier run had it', '27h', leak('key 7')),
        detection('removal failed', 'fires: the removal failed', '24h30m', leak('key 14')),
        detection('key unknown', 'fires: still at risk after a day', '24h30m', {
          RiskEventType: 'leakedCredentials',
        }),
        detection('dismissed since', 'silent: no longer at risk', '24h30m', leak('key 8')),
      ],
      EntraRiskyIdentities_CL: [state('dismissed since', 'closes the last detection', '20h', 'dismissed')],
      AADServicePrincipalSignInLogs: [
        signIn('used', 'with the leaked key', '20m', { ServicePrincipalCredentialKeyId: guidOf('key 1') }),
        signIn('used', 'again from the same address: no second alert', '10m', {
          ServicePrincipalCredentialKeyId: guidOf('key 1'),
        }),
        signIn('leak delivered 72 hours late', 'two days ago', '48h', {
          ServicePrincipalCredentialKeyId: guidOf('key 2'),
        }),
        signIn('sign-in ingested 72 hours late', 'known now, three days later', INGESTED_LATE, {
          ServicePrincipalCredentialKeyId: guidOf('key 16'),
        }),
        signIn('used before it was found', 'before', '4h', {
          ServicePrincipalCredentialKeyId: guidOf('key 3'),
        }),
        signIn('used, alerted before', 'with the leaked key', '3h', {
          ServicePrincipalCredentialKeyId: guidOf('key 11'),
        }),
        signIn('refused', 'refused', '20m', {
          ServicePrincipalCredentialKeyId: guidOf('key 12'),
          ResultType: '7000222',
        }),
        signIn('no leak', 'with a key that did not leak', '20m', {
          ServicePrincipalCredentialKeyId: guidOf('key 13'),
        }),
        signIn('another key used', 'other key', '20m', { ServicePrincipalCredentialKeyId: guidOf('key 9') }),
      ],
      AuditLogs: [
        change('removes key 6 from the application', {
          operation: 'Update application - Certificates and secrets management ',
          at: '10h',
          actor: 'admin@contoso.example',
          target: 'application object',
          appId: guidOf('application removed'),
          properties: [
            {
              displayName: 'KeyDescription',
              oldValue: keys(guidOf('key 6'), guidOf('key 10')),
              newValue: keys(guidOf('key 10')),
            },
          ],
        }),
        failed(
          change('does not remove key 14', {
            operation: 'Remove service principal credentials',
            at: '10h',
            actor: 'admin@contoso.example',
            target: 'removal failed',
            properties: [{ displayName: 'KeyDescription', oldValue: keys(guidOf('key 14')), newValue: '[]' }],
          }),
        ),
      ],
    },
  },
  {
    of: 'sign-in-while-at-risk',
    key: 'strcat(IdentityDisplayName, ": ", SignIns)',
    expected: [
      'signs in: 2',
      'state delivered 72 hours late: 1',
      'only detections known: 1',
      'sign-in ingested 72 hours late: 1',
      'native first: 1',
    ],
    next: ['sign-in arrives after the run: 1'],
    tables: {
      EntraRiskDetections_CL: [detection('only detections known', 'at risk', '5h')],
      EntraRiskyIdentities_CL: [
        state('signs in', 'at risk', '2h', 'atRisk'),
        state('state delivered 72 hours late', 'at risk for three days, known now', '20m', 'atRisk', {
          LastUpdatedDateTime: ago('80h'),
        }),
        state('known address', 'at risk', '20h', 'atRisk'),
        state('sign-in ingested 72 hours late', 'at risk', '80h', 'atRisk'),
        state('sign-in arrives after the run', 'at risk', '2h', 'atRisk'),
        state('native first', 'silent: the native row was told', AFTER_RUN, 'atRisk', {
          LastUpdatedDateTime: ago('20m'),
        }),
        state('signed in before', 'at risk', '20m', 'atRisk'),
        state('failed', 'at risk', '2h', 'atRisk'),
        state('low', 'at risk, low', '2h', 'atRisk', { RiskLevel: 'low' }),
        state('closed', 'at risk', '5h', 'atRisk'),
        state('closed', 'no longer', '2h', 'remediated'),
      ],
      AADRiskyServicePrincipals: [
        nativeState('native first', 'at risk: of two rows the first to arrive', '20m', 'atRisk', '20m'),
      ],
      AADServicePrincipalSignInLogs: [
        signIn('sign-in ingested 72 hours late', 'fires: known now, three days later', INGESTED_LATE),
        signIn('sign-in arrives after the run', 'fires in the next run', {
          sent: ago('10m'),
          arrived: ahead('4m'),
        }),
        signIn('native first', 'fires', '10m'),
        signIn('signs in', 'fires', '20m'),
        signIn('signs in', 'in the same alert: another address', '15m', { IPAddress: '203.0.113.11' }),
        signIn('state delivered 72 hours late', 'fires: while at risk, before we knew', '48h'),
        signIn('only detections known', 'fires', '20m'),
        signIn('known address', 'silent: an earlier run had it', '10h'),
        signIn('known address', 'silent: nothing to compare with', '20m'),
        signIn('signed in before', 'silent: not at risk then', '40m'),
        signIn('failed', 'silent: refused', '20m', { ResultType: '7000215' }),
        signIn('low', 'silent: low', '20m'),
        signIn('closed', 'silent: closed', '20m'),
        signIn('unknown to risk', 'silent: not at risk', '20m'),
      ],
    },
  },
  {
    of: 'same-address-two-identities',
    key: 'strcat(IdentityDisplayName, " at ", IpAddress)',
    expected: [
      'second at 203.0.113.20',
      'delivered 72 hours late, signed in there at 203.0.113.21',
      'sign-in ingested 72 hours late at 203.0.113.25',
    ],
    next: [],
    tables: {
      EntraRiskDetections_CL: [
        detection('first', 'in the alert of the second', '30h', { IpAddress: '203.0.113.20' }),
        detection('second', 'fires: joins the first', '20m', { IpAddress: '203.0.113.20' }),
        detection('detected there', 'in the alert of the next', '30h', { IpAddress: '203.0.113.21' }),
        detection(
          'delivered 72 hours late, signed in there',
          'fires: its sign-in is at the address above',
          '20m',
          {
            ...with72HoursDelay,
            IpAddress: '203.0.113.99',
          },
        ),
        detection('seen there', 'in the alert of the next', '30h', { IpAddress: '203.0.113.25' }),
        detection('sign-in ingested 72 hours late', 'its sign-in is at the address above', '80h'),
        detection('old pair, one', 'silent: an earlier run had both', '30h', { IpAddress: '203.0.113.22' }),
        detection('old pair, other', 'silent: an earlier run had both', '29h', { IpAddress: '203.0.113.22' }),
        detection('alone', 'silent: nobody else there', '20m', { IpAddress: '203.0.113.23' }),
        detection('no address, one', 'silent: an empty address is none', '20m'),
        detection('no address, other', 'silent: an empty address is none', '20m'),
        detection('was there before', 'silent: its sign-in is older than its risk', '20m'),
        detection('was refused there', 'silent: its sign-in failed', '5h'),
        detection('with someone not at risk', 'silent: the other is closed', '20m', {
          IpAddress: '203.0.113.24',
        }),
        detection('closed', 'silent: closed', '30h', { IpAddress: '203.0.113.24' }),
      ],
      EntraRiskyIdentities_CL: [state('closed', 'closes it', '10h', 'dismissed')],
      AADServicePrincipalSignInLogs: [
        signIn('delivered 72 hours late, signed in there', 'while at risk', '40h', {
          IPAddress: '203.0.113.21',
        }),
        signIn('sign-in ingested 72 hours late', 'known now, three days later', INGESTED_LATE, {
          IPAddress: '203.0.113.25',
        }),
        signIn('was there before', 'before its risk', '40m', { IPAddress: '203.0.113.23' }),
        signIn('was refused there', 'refused', '20m', { IPAddress: '203.0.113.23', ResultType: '7000222' }),
      ],
    },
  },
]
