#!/usr/bin/env bash
# Gives the managed identity of a playbook what it needs, and no more: two roles on the workspace, and its permissions in Microsoft Graph.
# Needs a person who may assign roles on the workspace and application permissions (Privileged Role Administrator).
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: infra/sentinel/grant-playbook.sh --workspace ID [--dry-run] PLAYBOOK...

  --workspace  resource id of the workspace; the playbooks are in its resource group
  --dry-run    show what would be given; change nothing
  PLAYBOOK     name of a playbook of the solution, such as Disable-EntraWorkloadIdentity; NAME=TEMPLATE if it was given another name

What an identity has already is left as it is. Mail.Send reaches every mailbox: limit it to the sender's by role based access control
for applications in Exchange Online.
TEXT
}

fail() {
  printf 'grant-playbook: %s\n' "$1" >&2
  exit "${2:-1}"
}

workspace='' dry_run=false playbooks=()
while [ $# -gt 0 ]; do
  case "$1" in
    --workspace) workspace="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --dry-run) dry_run=true; shift ;;
    -h | --help) usage; exit 0 ;;
    -*) usage >&2; fail "unknown argument $1" 2 ;;
    *) playbooks+=("$1"); shift ;;
  esac
done
[[ "$workspace" =~ ^(/subscriptions/[0-9a-fA-F-]{36}/resource[gG]roups/[^/]+)/providers/[mM]icrosoft\.[oO]perational[iI]nsights/workspaces/[^/]+$ ]] ||
  fail 'give --workspace: the resource id of a workspace' 2
group="${BASH_REMATCH[1]}"
[ ${#playbooks[@]} -gt 0 ] || { usage >&2; fail 'name a playbook' 2; }

# Permissions of Microsoft Graph, by template. A test compares them with what the playbooks declare.
permissions_of() {
  case "$1" in
  Disable-EntraWorkloadIdentity | Disable-EntraWorkloadIdentity-Alert | Disable-EntraWorkloadIdentity-Entity) permissions=(Application.ReadWrite.All) ;;
  Confirm-EntraWorkloadCompromised | Confirm-EntraWorkloadCompromised-Alert | Confirm-EntraWorkloadCompromised-Entity) permissions=(IdentityRiskyServicePrincipal.ReadWrite.All) ;;
  Dismiss-EntraWorkloadRisk | Dismiss-EntraWorkloadRisk-Alert | Dismiss-EntraWorkloadRisk-Entity) permissions=(IdentityRiskyServicePrincipal.ReadWrite.All) ;;
  Remove-EntraWorkloadLeakedKey | Remove-EntraWorkloadLeakedKey-Alert) permissions=(Application.ReadWrite.All IdentityRiskEvent.Read.All) ;;
  Notify-EntraWorkloadOwner | Notify-EntraWorkloadOwner-Alert) permissions=(Application.Read.All AgentIdentity.Read.All User.ReadBasic.All Mail.Send) ;;
  Attach-EntraWorkloadInvestigation | Attach-EntraWorkloadInvestigation-Alert) permissions=() ;;
    *) fail "no playbook $1" 2 ;;
  esac
}
for playbook in "${playbooks[@]}"; do permissions_of "${playbook#*=}"; done

graph=https://graph.microsoft.com/v1.0
graph_app=00000003-0000-0000-c000-000000000000
graph_id="$(az rest --method get --url "$graph/servicePrincipals(appId='$graph_app')" --query id --output tsv)"

for playbook in "${playbooks[@]}"; do
  name="${playbook%%=*}"
  permissions_of "${playbook#*=}"
  identity="$(az resource show --ids "$group/providers/Microsoft.Logic/workflows/$name" --query identity.principalId --output tsv)"
  [[ "$identity" =~ ^[0-9a-fA-F-]{36}$ ]] || fail "$name has no managed identity"
  printf '%s (%s)\n' "$name" "$identity"
  for role in 'Microsoft Sentinel Responder' 'Log Analytics Reader'; do
    printf '  role %s\n' "$role"
    [ "$dry_run" = true ] ||
      az role assignment create --assignee-object-id "$identity" --assignee-principal-type ServicePrincipal \
        --role "$role" --scope "$workspace" --output none
  done
  held="$(az rest --method get --url "$graph/servicePrincipals/$identity/appRoleAssignments" --query 'value[].appRoleId' --output tsv)"
  for permission in ${permissions[@]+"${permissions[@]}"}; do
    id="$(az rest --method get --url "$graph/servicePrincipals/$graph_id" --query "appRoles[?value=='$permission'].id" --output tsv)"
    [ -n "$id" ] || fail "Microsoft Graph has no permission $permission here"
    if grep -qx "$id" <<<"$held"; then
      printf '  %s: held already\n' "$permission"
      continue
    fi
    printf '  %s\n' "$permission"
    [ "$dry_run" = true ] ||
      az rest --method post --url "$graph/servicePrincipals/$identity/appRoleAssignments" --headers 'Content-Type=application/json' \
        --body "{\"principalId\":\"$identity\",\"resourceId\":\"$graph_id\",\"appRoleId\":\"$id\"}" --output none
  done
done
