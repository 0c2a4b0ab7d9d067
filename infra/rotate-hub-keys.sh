#!/usr/bin/env bash
# Renews the shared access keys of the Event Hubs namespace. Azure makes the rule RootManageSharedAccessKey, and nobody can delete it: who
# has one of its keys can read, forge and delete. The rule of the diagnostic setting has keys because Entra cannot write without one.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: infra/rotate-hub-keys.sh --resource-group GROUP --namespace NAME (--root | --check | --entra --hub NAME [--setting NAME])

  --root     renew both keys of RootManageSharedAccessKey, so that whoever has read them has nothing
  --check    say when they were renewed, and who has listed keys of a rule since; change nothing
  --entra    renew both keys of the rule entra-diagnostic-setting, with no gap: the setting writes by a second rule meanwhile.
             Needs the rights of infra/tenant/diagnostic-setting.sh too
  --hub      name of the event hub, for --entra
  --setting  name of the diagnostic setting (entra-risk-export), for --entra

Exit codes: 0 done, or with --check: renewed, and nobody has listed keys of the root rule since; 1 otherwise; 2 invalid command line.
TEXT
}

fail() {
  printf 'rotate-hub-keys: %s\n' "$1" >&2
  exit "${2:-1}"
}

group='' namespace='' hub='' setting=entra-risk-export mode=''
while [ $# -gt 0 ]; do
  case "$1" in
    --resource-group) group="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --namespace) namespace="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --hub) hub="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --setting) setting="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --root | --check | --entra) [ -z "$mode" ] || fail 'choose one of --root, --check and --entra' 2; mode="${1#--}"; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "unknown argument $1" 2 ;;
  esac
done
if [ -z "$group" ] || [ -z "$namespace" ] || [ -z "$mode" ] || { [ "$mode" = entra ] && [ -z "$hub" ]; }; then
  usage >&2
  fail 'give --resource-group, --namespace, what to do, and --hub with --entra' 2
fi

root=RootManageSharedAccessKey
rule=entra-diagnostic-setting
standby=entra-diagnostic-setting-standby

# The answer of Azure holds the keys: it is not shown.
renew() {
  for key in PrimaryKey SecondaryKey; do
    az eventhubs namespace authorization-rule keys renew --resource-group "$group" --namespace-name "$namespace" --name "$1" --key "$key" --output none
    printf 'renewed %s of %s\n' "$key" "$1"
  done
}

# Time, operation, rule, who: what the activity log holds of keys, for as long as it keeps anything, oldest first.
key_events() {
  az monitor activity-log list --resource-group "$group" --offset 89d --max-events 5000 \
    --query "[?contains(operationName.value, 'uthorizationRules/') && status.value=='Succeeded'].[eventTimestamp, operationName.value, resourceId, caller]" \
    --output tsv | awk -F '\t' -v namespace="/namespaces/$(printf '%s' "$namespace" | tr '[:upper:]' '[:lower:]')/" '
      { operation = tolower($2); id = tolower($3) }
      index(id, namespace) && operation ~ /(listkeys|regeneratekeys)\/action$/ {
        last = split(operation, part, "/"); end = split($3, place, "/")
        print $1 "\t" part[last - 1] "\t" place[end] "\t" $4
      }' | sort
}

case "$mode" in
  root) renew "$root" ;;
  check)
    events="$(key_events)"
    renewed="$(printf '%s\n' "$events" | awk -F '\t' -v root="$root" 'tolower($3) == tolower(root) && $2 == "regeneratekeys" { last = $1 } END { print last }')"
    listed="$(printf '%s\n' "$events" | awk -F '\t' -v root="$root" -v since="$renewed" 'tolower($3) == tolower(root) && $2 == "listkeys" && $1 > since { print "  " $1 "  " $4 }')"
    printf '%s\n' "$events" | awk -F '\t' -v root="$root" -v since="$renewed" '$2 == "listkeys" && tolower($3) != tolower(root) { print "keys of " $3 " listed: " $1 "  " $4 }'
    [ -n "$renewed" ] || fail "the activity log, which goes back 89 days, knows of no renewal of $root: infra/rotate-hub-keys.sh --root"
    [ -z "$listed" ] || fail "keys of $root were listed since they were renewed at $renewed:
$listed"
    printf '%s renewed at %s, not listed since\n' "$root" "$renewed"
    ;;
  entra)
    id="$(az eventhubs namespace show --resource-group "$group" --name "$namespace" --query id --output tsv)"
    write_setting() {
      "$(dirname "$0")/tenant/diagnostic-setting.sh" --rule-id "$id/authorizationRules/$1" --hub "$hub" --name "$setting" "${@:2}"
    }
    az eventhubs namespace authorization-rule create --resource-group "$group" --namespace-name "$namespace" --name "$standby" \
      --rights Listen Manage Send --output none
    write_setting "$standby"
    # Azure does not say when its writers have changed to the other rule.
    printf 'waiting 30 minutes before the keys of %s change\n' "$rule"
    sleep 1800
    renew "$rule"
    write_setting "$rule" --yes
    printf 'waiting 30 minutes before %s goes\n' "$standby"
    sleep 1800
    az eventhubs namespace authorization-rule delete --resource-group "$group" --namespace-name "$namespace" --name "$standby" --output none
    printf 'The keys of %s are new, and %s writes by it. Let a canary pass (docs/operations.md).\n' "$rule" "$setting"
    ;;
esac
