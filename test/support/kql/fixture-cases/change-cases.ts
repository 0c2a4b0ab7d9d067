import { ago, type FixtureCase, type FixtureRow } from '../fixture.ts'
import { change, detection, failed, guidOf, INGESTED_LATE, keys, state, type When } from './rows.ts'

const admin = 'admin@contoso.example'
const owner = 'owner@contoso.example'
const secrets = 'Update application - Certificates and secrets management '
const with72HoursDelay = { LastUpdatedDateTime: ago('80h'), DetectedDateTime: ago('80h') }

const secretAdded = (identity: string, note: string, at: When): FixtureRow =>
  change(note, {
    operation: secrets,
    at,
    actor: admin,
    target: `application object of ${identity}`,
    appId: guidOf(`application ${identity}`),
    properties: [
      {
        displayName: 'KeyDescription',
        oldValue: keys(guidOf('old')),
        newValue: keys(guidOf('old'), guidOf('new')),
      },
    ],
  })

const roleGranted = (identity: string, note: string, at: When): FixtureRow =>
  change(note, {
    operation: 'Add app role assignment to service principal',
    at,
    actor: admin,
    target: 'Microsoft Graph',
    properties: [
      { displayName: 'AppRole.Value', oldValue: '', newValue: '"Mail.Read"' },
      { displayName: 'ServicePrincipal.ObjectID', oldValue: '', newValue: `"${guidOf(identity)}"` },
    ],
  })

const ownership = (verb: 'Add' | 'Remove', identity: string): FixtureRow =>
  change(`${verb === 'Add' ? 'makes' : 'unmakes'} ${owner} an owner of "${identity}"`, {
    operation: verb === 'Add' ? 'Add owner to service principal' : 'Remove owner from service principal',
    at: '10d',
    actor: admin,
    target: owner,
    alsoTargets: [identity],
    properties: [
      { displayName: 'ServicePrincipal.ObjectID', oldValue: '', newValue: `"${guidOf(identity)}"` },
    ],
  })

const dismissal = (identity: string, note: string, at: When, actor: string): FixtureRow =>
  change(note, { operation: 'DismissServicePrincipal', at, actor, target: identity })

/** Rules that join risk with directory changes. */
export const changeCases: readonly FixtureCase[] = [
  {
    of: 'credential-added-around-detection',
    key: 'IdentityDisplayName',
    expected: [
      'secret added',
      'detection delivered 72 hours late',
      'added to the service principal',
      'federated',
      'change ingested 72 hours late',
    ],
    next: [],
    tables: {
      EntraRiskDetections_CL: [
        detection('secret added', 'with the change of 20 minutes ago', '5h'),
        detection(
          'detection delivered 72 hours late',
          'the change lies three days back too',
          '20m',
          with72HoursDelay,
        ),
        detection('change ingested 72 hours late', 'with the change of the same hour', '74h'),
        detection('added to the service principal', 'with the change of 30 minutes ago', '5h'),
        detection('federated', 'with the change of 40 minutes ago', '5h'),
        detection('secret removed', 'silent: the change takes a key away', '5h'),
        detection('long before', 'silent: the change is two days older', '20m'),
        detection('alerted before', 'silent: both halves were there an hour ago', '5h'),
        detection('dismissed', 'silent: closed', '5h', { RiskState: 'dismissed' }),
        detection('refused', 'silent: the change failed', '5h'),
        detection('given a role instead', 'silent: no credential', '5h'),
      ],
      AuditLogs: [
        secretAdded('secret added', 'fires', '20m'),
        secretAdded('detection delivered 72 hours late', 'fires once the detection is known', '79h'),
        secretAdded('change ingested 72 hours late', 'fires: known now, three days later', INGESTED_LATE),
        change('fires', {
          operation: 'Add service principal credentials',
          at: '30m',
          actor: admin,
          target: 'added to the service principal',
          properties: [{ displayName: 'KeyDescription', oldValue: '[]', newValue: keys(guidOf('new')) }],
        }),
        change('fires', {
          operation: 'Update application',
          at: '40m',
          actor: admin,
          target: 'application object of federated',
          appId: guidOf('application federated'),
          properties: [
            {
              displayName: 'FederatedIdentityCredentials',
              oldValue: '[]',
              newValue: '[{"Subject":"repo:x"}]',
            },
          ],
        }),
        change('silent: a key is removed', {
          operation: secrets,
          at: '20m',
          actor: admin,
          target: 'application object of secret removed',
          appId: guidOf('application secret removed'),
          properties: [
            {
              displayName: 'KeyDescription',
              oldValue: keys(guidOf('old'), guidOf('new')),
              newValue: keys(guidOf('new')),
            },
          ],
        }),
        secretAdded('long before', 'silent: two days before the detection', '49h'),
        secretAdded('alerted before', 'silent: an earlier run had it', '3h'),
        secretAdded('dismissed', 'silent: the detection is closed', '20m'),
        secretAdded('not at risk', 'silent: no detection', '20m'),
        failed(secretAdded('refused', 'silent', '20m')),
        roleGranted('given a role instead', 'silent: no credential', '20m'),
      ],
    },
  },
  {
    of: 'role-granted-around-detection',
    key: 'IdentityDisplayName',
    expected: [
      'app role',
      'directory role',
      'detection delivered 72 hours late',
      'grant ingested 72 hours late',
    ],
    next: [],
    tables: {
      EntraRiskDetections_CL: [
        detection('app role', 'with the grant of 20 minutes ago', '5h'),
        detection('directory role', 'with the assignment of 20 minutes ago', '5h'),
        detection(
          'detection delivered 72 hours late',
          'the grant lies three days back too',
          '20m',
          with72HoursDelay,
        ),
        detection('grant ingested 72 hours late', 'with the grant of the same hour', '74h'),
        detection('Microsoft Graph', 'silent: it is the resource, not the grantee', '5h'),
        detection('long before', 'silent: granted two days before', '20m'),
        detection('alerted before', 'silent: both halves were there an hour ago', '5h'),
        detection('dismissed', 'silent: closed', '5h', { RiskState: 'dismissed' }),
        detection('refused', 'silent: the grant failed', '5h'),
        detection('given a secret instead', 'silent: no role', '5h'),
      ],
      AuditLogs: [
        roleGranted('app role', 'fires', '20m'),
        change('fires', {
          operation: 'Add member to role',
          at: '20m',
          actor: admin,
          target: 'directory role',
          properties: [
            { displayName: 'Role.DisplayName', oldValue: '', newValue: '"Application Administrator"' },
          ],
        }),
        roleGranted('detection delivered 72 hours late', 'fires once the detection is known', '79h'),
        roleGranted('grant ingested 72 hours late', 'fires: known now, three days later', INGESTED_LATE),
        roleGranted('long before', 'silent', '49h'),
        roleGranted('alerted before', 'silent', '3h'),
        roleGranted('not at risk', 'silent', '20m'),
        roleGranted('dismissed', 'silent', '20m'),
        failed(roleGranted('refused', 'silent', '20m')),
        secretAdded('given a secret instead', 'silent', '20m'),
      ],
    },
  },
  {
    of: 'risk-dismissed-by-owner',
    key: 'strcat(IdentityDisplayName, ": ", ActorName)',
    expected: [
      'owned: owner@contoso.example',
      'state delivered 72 hours late: owner@contoso.example',
      'dismissed itself: dismissed itself',
      'entry ingested 72 hours late: owner@contoso.example',
    ],
    next: [],
    tables: {
      EntraRiskyIdentities_CL: [
        state('owned', 'dismissed', '20m', 'dismissed'),
        state('state delivered 72 hours late', 'dismissed three days ago, known now', '20m', 'dismissed', {
          LastUpdatedDateTime: ago('80h'),
        }),
        state('entry ingested 72 hours late', 'dismissed', '73h', 'dismissed'),
        state('dismissed by another', 'dismissed', '20m', 'dismissed'),
        state('alerted before', 'dismissed', '3h', 'dismissed'),
        state('at risk again', 'at risk since', '10m', 'atRisk'),
        state('dismissed itself', 'dismissed', '20m', 'dismissed'),
        state('no longer owned', 'dismissed', '20m', 'dismissed'),
        state('refused', 'dismissed by someone else', '20m', 'dismissed'),
        state('confirmed by its owner', 'dismissed by someone else', '20m', 'dismissed'),
      ],
      AuditLogs: [
        ...[
          'owned',
          'state delivered 72 hours late',
          'entry ingested 72 hours late',
          'alerted before',
          'at risk again',
          'refused',
          'confirmed by its owner',
        ].map((name) => ownership('Add', name)),
        ownership('Remove', 'no longer owned'),
        failed(ownership('Add', 'dismissed by another')),
        failed(dismissal('refused', 'silent', '25m', owner)),
        change('silent: no dismissal', {
          operation: 'ConfirmServicePrincipalCompromised',
          at: '25m',
          actor: owner,
          target: 'confirmed by its owner',
        }),
        dismissal('owned', 'fires', '25m', owner),
        dismissal('state delivered 72 hours late', 'fires once the state is known', '80h', owner),
        dismissal('entry ingested 72 hours late', 'fires: known now, three days later', INGESTED_LATE, owner),
        dismissal('dismissed itself', 'fires: by its own hand', '25m', 'dismissed itself'),
        dismissal('dismissed by another', 'silent: not an owner', '25m', owner),
        dismissal('no longer owned', 'silent: not an owner', '25m', owner),
        dismissal('alerted before', 'silent: an earlier run had it', '3h', owner),
        dismissal('at risk again', 'silent: at risk again', '25m', owner),
      ],
    },
  },
]
