import {
  type Actions,
  after,
  comment,
  each,
  either,
  filter,
  graph,
  IDENTITY,
  type RunAfter,
  select,
  whatever,
  why,
} from './workflow.ts'

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
const CREDENTIALS = 'passwordCredentials,keyCredentials'

/** An application of another tenant has no object here: its service principal alone can hold keys. */
export const removeLeakedKeys: Actions = {
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
    queries: { $select: `id,appId,${CREDENTIALS}` },
  }),
  Application: graph('GET', "applications(appId='@{body('Principal')?['appId']}')", after('Principal'), {
    queries: { $select: `id,${CREDENTIALS}` },
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
