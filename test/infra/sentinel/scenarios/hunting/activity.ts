import { byApplication, entry, payroll } from '../activity/entries.ts'
import { type ArrivedRow, at, detection, PAYROLL, PAYROLL_APP, signIn } from '../risk/rows.ts'
import {
  BACKUP,
  BACKUP_APP,
  BEFORE,
  byBackup,
  type HuntScenario,
  INTRUDER,
  payrollRow,
  risky,
  row,
  SINCE,
} from './hunt-scenario.ts'

const LATER = '2026-11-08T10:00'
const graph = (when: string, method: string, path: string, cells = {}): ArrivedRow =>
  row(when, {
    ServicePrincipalId: PAYROLL,
    AppId: PAYROLL_APP,
    RequestMethod: method,
    RequestUri: `https://graph.microsoft.com/v1.0/${path}`,
    ResponseStatusCode: 200,
    IPAddress: INTRUDER,
    ...cells,
  })
const arm = (when: string, caller: string, operation: string, cells = {}): ArrivedRow =>
  row(when, { Caller: caller, OperationNameValue: operation, CallerIpAddress: INTRUDER, ...cells })
const office = (when: string, operation: string, cells = {}): ArrivedRow =>
  row(when, { OfficeWorkload: 'Exchange', Operation: operation, ...cells })
const SECRET = 'https://vault.vault.azure.net/secrets/database'

/** What the identity did. */
export const activityHunts: readonly HuntScenario[] = [
  {
    title: 'what an identity at risk did in Azure is shown, not what others did',
    hunt: 'azure-activity',
    tables: {
      EntraRiskDetections_CL: [risky],
      AzureActivity: [
        arm(BEFORE, PAYROLL, 'read'),
        arm(LATER, PAYROLL, 'MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE'),
        arm(LATER, BACKUP, 'delete'),
      ],
    },
    rows: [
      {
        ...payrollRow,
        Phase: 'since',
        OperationNameValue: 'MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE',
        Operations: 1,
      },
      { ...payrollRow, Phase: 'before', OperationNameValue: 'read' },
    ],
  },
  {
    title: 'what an identity at risk changed in the directory is shown, not what others did to it',
    hunt: 'directory-actions',
    tables: {
      EntraRiskDetections_CL: [risky],
      AuditLogs: [
        entry(
          LATER,
          'Add owner to application',
          [{ id: BACKUP, type: 'Application', displayName: 'backup' }],
          {
            InitiatedBy: byApplication(PAYROLL, 'payroll'),
          },
        ),
        entry(LATER, 'Update application', [payroll()]),
        entry(LATER, 'Update user', [payroll()], { InitiatedBy: byApplication(BACKUP, 'backup') }),
      ],
    },
    rows: [
      {
        ...payrollRow,
        Phase: 'since',
        OperationName: 'Add owner to application',
        Targets: ['backup'],
        Failures: 0,
      },
    ],
  },
  {
    title: 'calls to Microsoft Graph are counted by area, refused ones too, not those of others',
    hunt: 'graph-traffic',
    tables: {
      EntraRiskDetections_CL: [risky],
      MicrosoftGraphActivityLogs: [
        graph(LATER, 'GET', 'users/1'),
        graph(LATER, 'GET', 'users/2', { ResponseStatusCode: 403 }),
        graph(BEFORE, 'GET', 'groups'),
        graph(LATER, 'GET', 'users/1', { ServicePrincipalId: BACKUP }),
      ],
    },
    rows: [
      { ...payrollRow, Phase: 'since', Area: 'users', Calls: 2, Refused: 1, Paths: 2 },
      { ...payrollRow, Phase: 'before', Area: 'groups', Calls: 1 },
    ],
  },
  {
    title: 'secrets are shown from both forms of the log, and of identities at risk alone',
    hunt: 'key-vault-reads',
    tables: {
      EntraRiskDetections_CL: [
        risky,
        detection('09:50', '10:02', { RiskDetectionId: 'no app', IdentityId: BACKUP, AppId: '' }),
      ],
      AZKVAuditLogs: [
        row(LATER, {
          OperationName: 'SecretGet',
          Identity: { claim: { appid: PAYROLL_APP } },
          RequestUri: SECRET,
          HttpStatusCode: 200,
        }),
        row(LATER, {
          OperationName: 'SecretGet',
          Identity: { claim: { appid: BACKUP_APP } },
          RequestUri: SECRET,
        }),
        row(LATER, { OperationName: 'SecretGet', Identity: {}, RequestUri: SECRET }),
        row(LATER, { OperationName: 'VaultGet', Identity: { claim: { appid: PAYROLL_APP } } }),
      ],
      AzureDiagnostics: [
        row('2026-11-08T11:00', {
          ResourceProvider: 'MICROSOFT.KEYVAULT',
          OperationName: 'KeySign',
          identity_claim_appid_g: PAYROLL_APP,
          requestUri_s: 'https://old.vault.azure.net/keys/signing',
          httpStatusCode_d: 403,
        }),
        row(LATER, {
          ResourceProvider: 'MICROSOFT.SQL',
          OperationName: 'SecretGet',
          identity_claim_appid_g: PAYROLL_APP,
        }),
      ],
    },
    rows: [
      {
        ...payrollRow,
        Phase: 'since',
        OperationName: 'KeySign',
        RequestUri: 'https://old.vault.azure.net/keys/signing',
        Refused: 1,
      },
      { ...payrollRow, Phase: 'since', OperationName: 'SecretGet', RequestUri: SECRET, Reads: 1, Refused: 0 },
    ],
  },
]

const token = (when: string, id: string, cells = {}) =>
  signIn(when, { UniqueTokenIdentifier: id, IPAddress: '203.0.113.10', ...cells })
const tokenTables = {
  EntraRiskDetections_CL: [risky],
  AADServicePrincipalSignInLogs: [
    token('2026-11-08T08:30', 'Stolen'),
    token(SINCE, 'Own'),
    token('2026-11-06T08:00', 'Expired'),
    byBackup(SINCE, { UniqueTokenIdentifier: 'Backup' }),
  ],
  MicrosoftGraphActivityLogs: [
    graph(LATER, 'GET', 'users', { SignInActivityId: 'Stolen' }),
    graph(LATER, 'GET', 'groups', { SignInActivityId: 'Own', IPAddress: '203.0.113.10' }),
    graph('2026-11-08T08:40', 'GET', 'before', { SignInActivityId: 'Stolen' }),
    graph(LATER, 'GET', 'expired', { SignInActivityId: 'Expired' }),
    graph(LATER, 'GET', 'backup', { SignInActivityId: 'Backup' }),
    graph(LATER, 'GET', 'otherCase', { SignInActivityId: 'stolen' }),
  ],
  OfficeActivity: [
    office(LATER, 'MailItemsAccessed', {
      AppAccessContext: { UniqueTokenId: 'Stolen' },
      ClientIP: `${INTRUDER}:443`,
    }),
    office(LATER, 'Send', { AppAccessContext: { UniqueTokenId: 'Stolen' }, ClientIP: '[2001:db8::7]:443' }),
    office(LATER, 'Send', { AppAccessContext: { UniqueTokenId: 'Backup' } }),
  ],
  AzureActivity: [
    arm(LATER, PAYROLL, 'read', { Claims_d: { uti: 'Stolen' }, CallerIpAddress: INTRUDER }),
    arm(LATER, PAYROLL, 'delete', { Claims_d: {} }),
  ],
}

/** What was done with tokens. */
export const tokenHunts: readonly HuntScenario[] = [
  {
    title: 'tokens since the activity are one row for an identity, and those used from elsewhere stand apart',
    hunt: 'token-activity',
    tables: tokenTables,
    rows: [
      {
        ...payrollRow,
        Tokens: 2,
        Calls: 5,
        TokensElsewhere: ['Stolen'],
        OperationsElsewhere: [
          'Microsoft Graph: GET users',
          'Exchange: MailItemsAccessed',
          'Exchange: Send',
          'Azure: read',
        ],
        IpAddressesElsewhere: [INTRUDER, '2001:db8::7'],
        IssuedToIpAddresses: ['203.0.113.10'],
        FirstDateTime: at(LATER),
      },
    ],
  },
  {
    title: 'one token that somebody names is told apart, by its case too',
    hunt: 'token-activity',
    filledIn: { tokenId: 'Own' },
    tables: tokenTables,
    rows: [{ Tokens: 1, Operations: ['Microsoft Graph: GET groups'], TokensElsewhere: [] }],
  },
]

const malicious = detection('09:50', '10:02', { RiskEventType: 'maliciousApplication' })
const bySomebody = (name: string, appId: string, cells = {}): ArrivedRow =>
  row(SINCE, {
    AppId: appId,
    UserId: `id of ${name}`,
    UserPrincipalName: name,
    IPAddress: INTRUDER,
    ResultType: '0',
    ...cells,
  })
const delegatedTables = {
  SigninLogs: [bySomebody('alice', PAYROLL_APP), bySomebody('bob', BACKUP_APP)],
  AADNonInteractiveUserSignInLogs: [bySomebody('carol', PAYROLL_APP, { ResultType: '65001' })],
  MicrosoftGraphActivityLogs: [
    graph(LATER, 'GET', 'me/messages?$top=10', { UserId: 'id of alice' }),
    graph(LATER, 'GET', 'users', {}),
    graph(LATER, 'GET', 'me/drive', { UserId: 'id of bob', AppId: BACKUP_APP }),
  ],
  OfficeActivity: [
    office(LATER, 'MailItemsAccessed', {
      ClientAppId: PAYROLL_APP,
      AppId: 'graph',
      UserId: 'alice',
      MailboxOwnerUPN: 'alice',
    }),
    office(LATER, 'FileDownloaded', {
      OfficeWorkload: 'OneDrive',
      UserId: 'alice',
      AppAccessContext: { ClientAppId: PAYROLL_APP },
    }),
    office(LATER, 'Send', { ClientAppId: BACKUP_APP, UserId: 'bob', MailboxOwnerUPN: 'bob' }),
  ],
}

/** What a malicious application did in the name of users. */
export const delegation: readonly HuntScenario[] = [
  {
    title: 'users, mailboxes and calls of a malicious application are one row, without its own calls',
    hunt: 'delegated-use',
    tables: { EntraRiskDetections_CL: [malicious], ...delegatedTables },
    rows: [
      {
        ...payrollRow,
        SignIns: 1,
        RefusedSignIns: 1,
        Users: ['alice', 'carol'],
        UserIds: ['id of alice', 'id of carol'],
        Mailboxes: ['alice'],
        Calls: 3,
        Operations: [
          'Microsoft Graph: GET messages',
          'Exchange: MailItemsAccessed',
          'OneDrive: FileDownloaded',
        ],
      },
    ],
  },
  {
    title: 'an application at risk for another reason is shown where somebody names it',
    hunt: 'delegated-use',
    tables: { EntraRiskDetections_CL: [risky], ...delegatedTables },
    rows: [],
  },
  {
    title: 'an application that somebody names is shown, whatever its risk is about',
    hunt: 'delegated-use',
    filledIn: { identityId: PAYROLL },
    tables: { EntraRiskDetections_CL: [risky], ...delegatedTables },
    rows: [{ ...payrollRow, Calls: 3 }],
  },
]
