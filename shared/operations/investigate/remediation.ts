import { contain } from './contain-step.ts'
import { addCertificate, inventory, removeOld } from './credential-steps.ts'
import { type Investigation, isAgent } from './investigation.ts'
import {
  type AsTyped,
  type Case,
  caseOf,
  didText,
  isClosed,
  lastOf,
  respond,
  rest,
  type Step,
  sh,
  undoneTold,
} from './remediation-case.ts'
import { finding, good, plainly, timeText } from './told.ts'

const rotateSecrets = ({ id }: Case): Step => ({
  id: 'secrets',
  title: 'Rotate the Key Vault secrets that it could read',
  state: 'open',
  lines: [
    plainly(
      'First those that it read, then the others in the same vaults, then those in the same subscriptions.',
    ),
  ],
  commands: [
    sh('az', 'role', 'assignment', 'list', '--all', '--assignee', id),
    sh('az', 'keyvault', 'secret', 'set', '--vault-name', 'VAULT', '--name', 'SECRET', '--file', 'FILE'),
  ],
  hunts: ['keyvault.secrets'],
})

const review = ({ id, appId, of, account, credentialsElsewhere }: Case): Step => ({
  id: 'review',
  title: 'Review grants and owners, and take back what it does not need',
  state: 'open',
  lines: account === 'deleted' ? [plainly('Its own grants are gone; those of its application are not.')] : [],
  commands: [
    ...(account === 'deleted'
      ? []
      : [
          rest('get', `servicePrincipals/${id}/appRoleAssignments`),
          rest('get', `servicePrincipals/${id}/oauth2PermissionGrants`),
          rest('get', `servicePrincipals/${id}/owners`),
        ]),
    ...(credentialsElsewhere !== undefined || isAgent(of)
      ? []
      : [sh('az', 'ad', 'app', 'owner', 'list', '--id', appId)]),
    ...(account === 'deleted'
      ? []
      : [
          rest('delete', `servicePrincipals/${id}/appRoleAssignments/ASSIGNMENT_ID`),
          rest('delete', 'oauth2PermissionGrants/GRANT_ID'),
        ]),
  ],
  hunts: ['perm.app_roles', 'perm.directory_roles', 'perm.consent', 'config.changes'],
})

function close(on: Case): Step {
  const { of } = on
  const done = lastOf(on, 'dismiss', 'confirm-safe')
  const isOver = isClosed(on)
  const isReopened = done !== undefined && !isOver && of.risk !== undefined && of.risk.at > done.at
  const isDone = isOver || (done !== undefined && !isReopened)
  return {
    id: 'close',
    title: isAgent(of) ? 'Dismiss the risk, or confirm the agent as safe' : 'Dismiss the risk',
    state: isReopened ? 'attention' : isDone ? 'done' : 'open',
    lines: [
      ...(done === undefined ? [] : [good(didText(done))]),
      ...(isReopened ? [finding(`at risk again: ${of.risk?.state ?? ''} at ${timeText(of.risk.at)}`)] : []),
      ...(isOver && done === undefined ? [good(`The state is ${of.risk?.state}.`)] : []),
      plainly(
        isAgent(of)
          ? 'Only once all is done, or for a false positive; from a confirmation as safe the detection learns.'
          : 'Only once all is done, or for a false positive.',
      ),
    ],
    commands: [respond(on, 'dismiss'), ...(isAgent(of) ? [respond(on, 'confirm-safe')] : [])],
    hunts: [],
  }
}

function watch(on: Case): Step {
  const undone = undoneTold(on)
  return {
    id: 'watch',
    title:
      on.account === 'deleted'
        ? 'Watch whether somebody restores it'
        : 'Watch whether somebody enables it again',
    state: undone === undefined ? 'open' : 'attention',
    lines: undone === undefined ? [] : [undone],
    commands: [
      on.asTyped('investigate', on.id),
      ...(on.account !== 'disabled' ? [] : [respond(on, 'enable')]),
    ],
    hunts: ['config.changes'],
  }
}

/** What to do, in order, and what has been done already. */
export function remediationOf(of: Investigation, asTyped: AsTyped): readonly Step[] {
  const on = caseOf(of, asTyped)
  return [contain, inventory, addCertificate, removeOld, rotateSecrets, review, close, watch].map((step) =>
    step(on),
  )
}
