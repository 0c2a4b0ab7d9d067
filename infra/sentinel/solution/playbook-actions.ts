import type { JsonObject } from './template-parts.ts'
import {
  type Actions,
  after,
  afterFailureOf,
  comment,
  compose,
  definition,
  each,
  either,
  filter,
  graph,
  IDENTITY,
  query,
  type RunAfter,
  select,
  whatever,
} from './workflow.ts'

/** What a playbook is, and the least that its identity needs in Microsoft Graph. */
export interface Playbook {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly permissions: readonly string[]
  readonly tags: readonly string[]
  readonly definition: JsonObject
  /** Asked for when the playbook is made, and handed to the workflow. */
  readonly settings?: Readonly<Record<string, string>>
}

const why = (action: string): string => `@{body('${action}')?['error']?['message']}`

/** One request, and a comment on how it went. */
const single = (method: 'POST' | 'PATCH', path: string, body: JsonObject, did: string): Actions => ({
  Act: graph(method, path, {}, { body }),
  Done: comment(`${IDENTITY}: ${did}.`, after('Act')),
  Not_done: comment(`${IDENTITY}: not ${did}. ${why('Act')}`, afterFailureOf('Act')),
})

const decideRisk = (decision: 'confirmCompromised' | 'dismiss', did: string): Actions =>
  single(
    'POST',
    `identityProtection/riskyServicePrincipals/${decision}`,
    { servicePrincipalIds: ["@items('Each_identity')"] },
    did,
  )

/** A playbook for all identities of an incident, and one for the account of it that a person chooses. */
const twofold = (playbook: Omit<Playbook, 'definition'>, actions: Actions): readonly Playbook[] => [
  { ...playbook, definition: definition(actions) },
  {
    ...playbook,
    name: `${playbook.name}-Entity`,
    title: `${playbook.title} (chosen account)`,
    description: playbook.description.replace(
      'each service principal of the incident',
      'the service principal that was chosen in the incident',
    ),
    definition: definition(actions, { start: 'entity' }),
  },
]

const LEAKED = "toLower(string(body('Leaked_keys')))"

/** Removes from one object the secrets and certificates that were leaked. */
function removal(object: 'Principal' | 'Application', path: string, runAfter: RunAfter): Actions {
  const listOf = (property: string): string => `@coalesce(body('${object}')?['${property}'], createArray())`
  const [secrets, certificates, kept] = [`${object}_secrets`, `${object}_certificates`, `${object}_kept`]
  const leaked = `contains(${LEAKED}, toLower(item()?['keyId']))`
  return {
    [secrets]: filter(listOf('passwordCredentials'), `@${leaked}`, runAfter),
    [`Remove_${secrets}`]: each(
      `@body('${secrets}')`,
      {
        [`Remove_from_${object}`]: graph(
          'POST',
          `${path}/removePassword`,
          {},
          {
            body: { keyId: `@items('Remove_${secrets}')?['keyId']` },
          },
        ),
      },
      after(secrets),
    ),
    [certificates]: filter(listOf('keyCredentials'), `@${leaked}`, after(`Remove_${secrets}`)),
    [kept]: filter(listOf('keyCredentials'), `@not(${leaked})`, after(certificates)),
    [`Remove_${certificates}`]: either(
      { and: [{ greater: [`@length(body('${certificates}'))`, 0] }] },
      { [`Keep_in_${object}`]: graph('PATCH', path, {}, { body: { keyCredentials: `@body('${kept}')` } }) },
      {},
      after(kept),
    ),
  }
}

const LAST = 'Remove_Application_certificates'
const SELECT = '$select'
const CREDENTIALS = 'passwordCredentials,keyCredentials'

/** An application of another tenant has no object here: its service principal alone can hold keys. */
const removeLeakedKeys: Actions = {
  Detections: graph(
    'GET',
    'identityProtection/servicePrincipalRiskDetections',
    {},
    {
      queries: { $filter: `servicePrincipalId eq '${IDENTITY}' and riskEventType eq 'leakedCredentials'` },
    },
  ),
  Leaked_keys: select("@body('Detections')?['value']", "@string(item()?['keyIds'])", after('Detections')),
  Principal: graph('GET', `servicePrincipals/${IDENTITY}`, after('Leaked_keys'), {
    queries: { [SELECT]: `id,appId,${CREDENTIALS}` },
  }),
  Application: graph('GET', "applications(appId='@{body('Principal')?['appId']}')", after('Principal'), {
    queries: { [SELECT]: `id,${CREDENTIALS}` },
  }),
  ...removal('Principal', `servicePrincipals/${IDENTITY}`, {
    ...whatever('Application'),
    ...after('Principal'),
  }),
  ...removal(
    'Application',
    "applications/@{body('Application')?['id']}",
    after('Remove_Principal_certificates'),
  ),
  Done: comment(
    `${IDENTITY}: removed leaked credentials: @{length(body('Principal_secrets'))} secrets and @{length(body('Principal_certificates'))} certificates of the service principal, @{length(body('Application_secrets'))} secrets and @{length(body('Application_certificates'))} certificates of the application. Tokens issued before live on until they expire.`,
    after(LAST),
  ),
  Not_done: comment(
    `${IDENTITY}: the leaked credentials were not, or not all, removed. ${why('Detections')}${why('Principal')}`,
    { [LAST]: ['Failed', 'Skipped', 'TimedOut'] },
  ),
}

const OWNERS = `_GetWatchlist('EntraWorkloadOwners')
| where IdentityId =~ '${IDENTITY}' and isnotempty(OwnerMail)
| project OwnerMail`

const notifyOwners: Actions = {
  Principal: graph(
    'GET',
    `servicePrincipals/${IDENTITY}`,
    {},
    { queries: { [SELECT]: 'id,displayName,appId' } },
  ),
  Owners: graph('GET', `servicePrincipals/${IDENTITY}/owners`, whatever('Principal')),
  Sponsors: graph(
    'GET',
    `servicePrincipals/${IDENTITY}/microsoft.graph.agentIdentity/sponsors`,
    whatever('Owners'),
  ),
  Listed: query(OWNERS, whatever('Sponsors')),
  Of_directory: select(
    "@union(coalesce(body('Owners')?['value'], createArray()), coalesce(body('Sponsors')?['value'], createArray()))",
    "@coalesce(item()?['mail'], '')",
    whatever('Listed'),
  ),
  Of_watchlist: select(
    "@coalesce(body('Listed')?['tables']?[0]?['rows'], createArray())",
    "@coalesce(item()?[0], '')",
    after('Of_directory'),
  ),
  Addresses: filter(
    "@union(body('Of_directory'), body('Of_watchlist'))",
    "@contains(item(), '@')",
    after('Of_watchlist'),
  ),
  Recipients: select(
    "@take(body('Addresses'), 20)",
    { emailAddress: { address: '@item()' } },
    after('Addresses'),
  ),
  Known: either(
    { and: [{ greater: ["@length(body('Recipients'))", 0] }] },
    {
      Mail: graph(
        'POST',
        "users/@{parameters('MailFrom')}/sendMail",
        {},
        {
          body: {
            message: {
              subject:
                "Security incident about @{coalesce(body('Principal')?['displayName'], items('Each_identity'))}",
              body: {
                contentType: 'Text',
                content: `You own or sponsor the workload identity @{body('Principal')?['displayName']} (application @{body('Principal')?['appId']}, object ${IDENTITY}). Microsoft Entra ID Protection reports risk for it: @{triggerBody()?['object']?['properties']?['title']}. Please tell the security operations team whether you know of this activity, and do not change the identity before.`,
              },
              toRecipients: "@body('Recipients')",
            },
            saveToSentItems: true,
          },
        },
      ),
      Done: comment(`${IDENTITY}: wrote to @{join(body('Addresses'), ', ')}.`, after('Mail')),
      Not_done: comment(`${IDENTITY}: could not write to its owners. ${why('Mail')}`, afterFailureOf('Mail')),
    },
    { Nobody: comment(`${IDENTITY}: no owner or sponsor with a mail address is known.`, {}) },
    after('Recipients'),
  ),
}

/** Of one identity, in one row: its state, its latest records with their evidence, what changed it. Names are others' text, so no markup. */
export const INVESTIGATION = `let identityId = '${IDENTITY}';
let state = EntraWorkloadRisk()
    | where TimeGenerated > ago(90d) and IdentityId == identityId
    | project Part = 1, At = LastUpdatedDateTime, Line = strcat(IdentityDisplayName, ', application ', AppId, ': ', RiskLevel, ', ', RiskState, ', enabled: ', AccountEnabled);
let records = EntraWorkloadRiskHistory()
    | where TimeGenerated > ago(90d) and IdentityId == identityId
    | top 20 by LastUpdatedDateTime desc
    | project Part = 2, At = LastUpdatedDateTime, Line = strcat(format_datetime(LastUpdatedDateTime, 'yyyy-MM-dd HH:mm'), ' ', Kind, ' ', RiskEventType, ' ', RiskLevel, ' ', RiskState, ' ', IpAddress, ', evidence ', ArchiveBlob, ' line ', ArchiveLine);
let changes = EntraWorkloadChanges()
    | where TimeGenerated > ago(14d) and SubjectIds has identityId
    | top 20 by TimeGenerated desc
    | project Part = 3, At = TimeGenerated, Line = strcat(format_datetime(TimeGenerated, 'yyyy-MM-dd HH:mm'), ' ', OperationName, ' by ', ActorName, ' ', ActorIpAddress);
union state, records, changes
| sort by Part asc, At desc
| extend Line = replace_string(replace_string(replace_string(Line, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')
| summarize Comment = strcat_array(make_list(Line, 50), '<br>')`

const attachInvestigation: Actions = {
  Investigation: query(INVESTIGATION, {}),
  Text: compose(
    "@coalesce(body('Investigation')?['tables']?[0]?['rows']?[0]?[0], '')",
    after('Investigation'),
  ),
  Done: comment(
    `Investigation of ${IDENTITY}:<br>@{substring(outputs('Text'), 0, min(length(outputs('Text')), 25000))}`,
    after('Text'),
  ),
  Not_done: comment(
    `The investigation of ${IDENTITY} could not be read. ${why('Investigation')}`,
    afterFailureOf('Investigation'),
  ),
}

export const PLAYBOOKS: readonly Playbook[] = [
  ...twofold(
    {
      name: 'Disable-EntraWorkloadIdentity',
      title: 'Disable the service principal',
      description:
        'Disables sign-in of each service principal of the incident. Tokens issued before live on until they expire, unless continuous access evaluation ends them.',
      permissions: ['Application.ReadWrite.All'],
      tags: ['Containment'],
    },
    single('PATCH', `servicePrincipals/${IDENTITY}`, { accountEnabled: false }, 'disabled'),
  ),
  ...twofold(
    {
      name: 'Confirm-EntraWorkloadCompromised',
      title: 'Confirm the service principal compromised',
      description:
        'Confirms each service principal of the incident as compromised: its risk becomes high, and risk-based Conditional Access blocks it.',
      permissions: ['IdentityRiskyServicePrincipal.ReadWrite.All'],
      tags: ['Containment'],
    },
    decideRisk('confirmCompromised', 'confirmed as compromised'),
  ),
  ...twofold(
    {
      name: 'Dismiss-EntraWorkloadRisk',
      title: 'Dismiss the risk of the service principal',
      description:
        'Dismisses the risk of each service principal of the incident, which was a false positive.',
      permissions: ['IdentityRiskyServicePrincipal.ReadWrite.All'],
      tags: ['Remediation'],
    },
    decideRisk('dismiss', 'dismissed'),
  ),
  {
    name: 'Remove-EntraWorkloadLeakedKey',
    title: 'Remove the leaked credentials',
    description:
      'Removes the secrets and certificates that leak detections name, from each service principal of the incident and from its application.',
    permissions: ['Application.ReadWrite.All', 'IdentityRiskEvent.Read.All'],
    tags: ['Remediation'],
    definition: definition(removeLeakedKeys),
  },
  {
    name: 'Notify-EntraWorkloadOwner',
    title: 'Write to owner or sponsor',
    description:
      'Writes to the owners of each service principal of the incident, to the sponsors of an agent, and to those whom the watchlist EntraWorkloadOwners names.',
    permissions: ['Application.Read.All', 'AgentIdentity.Read.All', 'User.ReadBasic.All', 'Mail.Send'],
    tags: ['Notification'],
    settings: { MailFrom: 'Mailbox that the mail is sent from: user principal name or object id' },
    definition: definition(notifyOwners, { parameters: { MailFrom: { type: 'String' } } }),
  },
  {
    name: 'Attach-EntraWorkloadInvestigation',
    title: 'Attach the investigation',
    description:
      'Adds to the incident, as a comment, what is known of each service principal of its alerts: state, latest records with the place of their evidence, changes.',
    permissions: [],
    tags: ['Enrichment'],
    definition: definition(attachInvestigation, { unguarded: true }),
  },
]
