import {
  type Actions,
  after,
  afterFailureOf,
  comment,
  either,
  filter,
  graph,
  IDENTITY,
  query,
  select,
  whatever,
  why,
} from './workflow.ts'

const OWNERS = `_GetWatchlist('EntraWorkloadOwners')
| where IdentityId =~ '${IDENTITY}' and isnotempty(OwnerMail)
| project OwnerMail`

export const notifyOwners: Actions = {
  Principal: graph(
    'GET',
    `servicePrincipals/${IDENTITY}`,
    {},
    { queries: { $select: 'id,displayName,appId' } },
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
                content: `You own or sponsor the workload identity @{body('Principal')?['displayName']} (application @{body('Principal')?['appId']}, object ${IDENTITY}). Microsoft Entra ID Protection reports risk for it: @{outputs('Title')}. Please tell the security operations team whether you know of this activity, and do not change the identity before.`,
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
