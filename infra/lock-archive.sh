#!/usr/bin/env bash
# Locks the immutability policies of the archive, for good: Bicep cannot, and must not by accident.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: infra/lock-archive.sh --resource-group GROUP --account NAME [--container NAME]... [--dry-run] [--yes]

Shows the immutability policy of each container, asks, and locks it. A locked policy cannot be removed or shortened by anybody,
Microsoft included; it can be extended five times. Until the last blob's time is over, neither container, account nor resource
group can be deleted, and storage is redelivered for.

  --container   archive, evidence-fixed and receipts unless given
  --dry-run     show what is there and what would be done; change nothing
  --yes         do not ask

Afterwards deploy with manageImmutabilityPolicy=false: a template that restates a locked policy fails.
TEXT
}

fail() {
  printf 'lock-archive: %s\n' "$1" >&2
  exit "${2:-1}"
}

group='' account='' dry_run=false yes=false
containers=()
while [ $# -gt 0 ]; do
  case "$1" in
    --resource-group) group="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --account) account="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --container) containers+=("${2:-}"); shift 2 || fail 'a value is missing' 2 ;;
    --dry-run) dry_run=true; shift ;;
    --yes) yes=true; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "unknown argument $1" 2 ;;
  esac
done
if [ -z "$group" ] || [ -z "$account" ]; then
  usage >&2
  fail 'give --resource-group and --account' 2
fi
[ ${#containers[@]} -gt 0 ] || containers=(archive evidence-fixed receipts)

# State, days and etag of a container's policy, apart by tabs; nothing where there is none.
policy() {
  az storage container immutability-policy show --resource-group "$group" --account-name "$account" \
    --container-name "$1" --query '[[state, immutabilityPeriodSinceCreationInDays, etag]]' --output tsv
}

to_lock=()
for container in "${containers[@]}"; do
  found="$(policy "$container")"
  IFS=$'\t' read -r state days _ <<<"$found"
  printf '%-15s %-9s %s days\n' "$container" "${state:-none}" "${days:-0}"
  case "$state" in
    Locked) ;;
    Unlocked) [ "${days:-0}" -gt 0 ] || fail "$container has no retention: deploy the template first"; to_lock+=("$container") ;;
    *) fail "$container has no immutability policy: deploy the template first" ;;
  esac
done
if [ ${#to_lock[@]} -eq 0 ]; then
  printf 'Nothing to do: all are locked.\n'
  exit 0
fi

if [ "$dry_run" = false ] && [ "$yes" = false ]; then
  printf 'This cannot be undone. Type the name of the account to lock: %s\n> ' "${to_lock[*]}"
  read -r answer || answer=''
  [ "$answer" = "$account" ] || fail 'not confirmed; nothing was changed' 3
fi

for container in "${to_lock[@]}"; do
  # Read anew just before: the lock holds for this very version of the policy.
  found="$(policy "$container")"
  etag="${found##*$'\t'}"
  [ -n "$etag" ] || fail "$container: the policy has no etag"
  if [ "$dry_run" = true ]; then
    printf 'would lock %s of %s, etag %s\n' "$container" "$account" "$etag"
    continue
  fi
  az storage container immutability-policy lock --resource-group "$group" --account-name "$account" \
    --container-name "$container" --if-match "$etag" --output none
  found="$(policy "$container")"
  state="${found%%$'\t'*}"
  [ "$state" = Locked ] || fail "$container: Azure accepted the lock and still says $state; look again before you rely on it"
  printf '%-15s Locked\n' "$container"
done
[ "$dry_run" = true ] || printf 'Deploy with manageImmutabilityPolicy=false from now on (azd env set MANAGE_IMMUTABILITY_POLICY false).\n'
