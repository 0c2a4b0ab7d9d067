#!/usr/bin/env bash
# Waits until the app's references to the vault are resolved. App Service keeps one that is not for 24 hours, and the program does not
# start with it: so after each look that finds one, App Service is asked to read them all again.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: infra/wait-for-references.sh --resource-group GROUP --app NAME

Exit codes: 0 all references are resolved, or there are none; 1 one of them is not, for a reason that waiting does not mend, or after
15 minutes.
TEXT
}

fail() {
  printf 'wait-for-references: %s\n' "$1" >&2
  exit "${2:-1}"
}

group='' app=''
while [ $# -gt 0 ]; do
  case "$1" in
    --resource-group) group="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --app) app="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "unknown argument $1" 2 ;;
  esac
done
if [ -z "$group" ] || [ -z "$app" ]; then
  usage >&2
  fail 'give --resource-group and --app' 2
fi

id="$(az functionapp show --resource-group "$group" --name "$app" --query id --output tsv)"
references="https://management.azure.com$id/config/configreferences/appsettings"
api='api-version=2023-12-01'

delay=10 waited=0 refreshed=false
while true; do
  unresolved="$(az rest --method get --url "$references?$api" --query "value[?properties.status!='Resolved'].[name, properties.status]" --output tsv)"
  [ -n "$unresolved" ] || break
  # A role that has not spread yet looks like one that is missing; what is named wrongly stays so.
  if [ "$refreshed" = true ] && printf '%s\n' "$unresolved" | cut -f 2 | grep -Eqv '^(AccessToKeyVaultDenied|Initialized|OtherReasons)$'; then
    fail "references to the vault that waiting does not mend:
$unresolved
Set the secret in the vault, or correct its name, and run this again."
  fi
  [ "$waited" -lt 900 ] || fail "after 15 minutes these references are not resolved:
$unresolved
Look at the app's identity: it needs the role Key Vault Secrets User on the vault, and the vault's firewall must let it in."
  az rest --method post --url "$references/refresh?$api" --output none
  refreshed=true
  printf 'waiting for the vault, %s s so far: %s\n' "$waited" "$(printf '%s' "$unresolved" | tr '\t\n' ' ,')"
  sleep "$delay"
  waited=$((waited + delay))
  delay=$((delay < 60 ? delay * 2 : 120))
done
printf 'references to the vault: resolved\n'
