import { notifyOwners } from './notify-owners.ts'
import { removeLeakedKeys } from './remove-leaked-keys.ts'
import type { JsonObject } from './template-parts.ts'
import {
  type Actions,
  after,
  afterFailureOf,
  comment,
  compose,
  definition,
  graph,
  IDENTITY,
  query,
  why,
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

type Options = Omit<NonNullable<Parameters<typeof definition>[1]>, 'start'>

/** A playbook for all identities of an incident, and one for those of an alert. */
const ofIncidentAndAlert = (
  playbook: Omit<Playbook, 'definition'>,
  actions: Actions,
  options: Options = {},
): readonly Playbook[] => [
  { ...playbook, definition: definition(actions, options) },
  {
    ...playbook,
    name: `${playbook.name}-Alert`,
    title: `${playbook.title} (of an alert)`,
    description: playbook.description
      .replace('of the incident', 'of the alert')
      .replace('of its alerts', 'of the alert'),
    definition: definition(actions, { ...options, start: 'alert' }),
  },
]

/** The same, and one for the account of an incident that a person chooses. */
const inEveryForm = (playbook: Omit<Playbook, 'definition'>, actions: Actions): readonly Playbook[] => [
  ...ofIncidentAndAlert(playbook, actions),
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
  ...inEveryForm(
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
  ...inEveryForm(
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
  ...inEveryForm(
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
  ...ofIncidentAndAlert(
    {
      name: 'Remove-EntraWorkloadLeakedKey',
      title: 'Remove the leaked credentials',
      description:
        'Removes the secrets and certificates that leak detections name, from each service principal of the incident and from its application.',
      permissions: ['Application.ReadWrite.All', 'IdentityRiskEvent.Read.All'],
      tags: ['Remediation'],
    },
    removeLeakedKeys,
  ),
  ...ofIncidentAndAlert(
    {
      name: 'Notify-EntraWorkloadOwner',
      title: 'Write to owner or sponsor',
      description:
        'Writes to the owners of each service principal of the incident, to the sponsors of an agent, and to those whom the watchlist EntraWorkloadOwners names.',
      permissions: ['Application.Read.All', 'AgentIdentity.Read.All', 'User.ReadBasic.All', 'Mail.Send'],
      tags: ['Notification'],
      settings: { MailFrom: 'Mailbox that the mail is sent from: user principal name or object id' },
    },
    notifyOwners,
    { parameters: { MailFrom: { type: 'String' } } },
  ),
  ...ofIncidentAndAlert(
    {
      name: 'Attach-EntraWorkloadInvestigation',
      title: 'Attach the investigation',
      description:
        'Adds to the incident, as a comment, what is known of each service principal of its alerts: state, latest records with the place of their evidence, changes.',
      permissions: [],
      tags: ['Enrichment'],
    },
    attachInvestigation,
    { unguarded: true },
  ),
]
