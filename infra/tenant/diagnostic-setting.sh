#!/usr/bin/env bash
# The Entra diagnostic setting that streams workload-identity risk to the hub. It belongs to the tenant, so it is made apart from
# the deployment, by somebody with the rights (docs/deploy.md). Touches one setting, its own.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: infra/tenant/diagnostic-setting.sh --rule-id ID --hub NAME [--name NAME] [--without-agents] [--with-users]
                                          [--remove] [--dry-run]

  --rule-id         id of the namespace's authorization rule: output diagnosticRuleId of the deployment
  --hub             name of the event hub: output eventHub
  --name            name of the setting (entra-risk-export)
  --without-agents  leave out RiskyAgents and AgentRiskEvents, for tenants that do not know them yet
  --with-users      also RiskyUsers and UserRiskEvents: personal data; the app must be deployed with includeUserRisk
  --remove          remove the setting instead, if it is ours
  --dry-run         show what is there and what would be done; change nothing

Azure may answer 404 for a setting that it has just taken: what was written is read back, for up to two minutes.
TEXT
}

fail() {
  printf 'diagnostic-setting: %s\n' "$1" >&2
  exit "${2:-1}"
}

rule_id='' hub='' name=entra-risk-export remove=false dry_run=false agents=true users=false
while [ $# -gt 0 ]; do
  case "$1" in
    --rule-id) rule_id="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --hub) hub="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --name) name="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --without-agents) agents=false; shift ;;
    --with-users) users=true; shift ;;
    --remove) remove=true; shift ;;
    --dry-run) dry_run=true; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "unknown argument $1" 2 ;;
  esac
done
if [ -z "$rule_id" ] || [ -z "$hub" ]; then
  usage >&2
  fail 'give --rule-id and --hub' 2
fi
[[ "$name" =~ ^[A-Za-z0-9._-]{1,100}$ ]] || fail 'the name may hold letters, digits, dot, dash and underscore' 2
[[ "$hub" =~ ^[A-Za-z0-9._-]{1,256}$ ]] || fail 'that is no name of an event hub' 2
[[ "$rule_id" =~ ^/subscriptions/[0-9a-fA-F-]{36}/resource[gG]roups/[^/\"\\]+/providers/[mM]icrosoft\.[eE]vent[hH]ub/namespaces/[^/\"\\]+/[aA]uthorization[rR]ules/[^/\"\\]+$ ]] ||
  fail 'the rule id is not that of a rule of an Event Hubs namespace' 2

categories=(RiskyServicePrincipals ServicePrincipalRiskEvents)
[ "$agents" = false ] || categories+=(RiskyAgents AgentRiskEvents)
[ "$users" = false ] || categories+=(RiskyUsers UserRiskEvents)

all=/providers/microsoft.aadiam/diagnosticSettings
api='api-version=2017-04-01'
# Name, hub, rule, enabled categories in alphabetical order: one setting a line.
fields="name, properties.eventHubName, properties.eventHubAuthorizationRuleId, join(',', sort((properties.logs || \`[]\`)[?enabled].category))"

list_settings() {
  az rest --method get --url "$all?$api" --query "value[].[$fields]" --output tsv
}

show_settings() {
  printf '%s\n' "$1"
  if [ -z "$2" ]; then printf '  none\n'; else printf '%s\n' "$2" | while IFS=$'\t' read -r its_name its_hub _ its_categories; do
    printf '  %-30s to hub %-20s %s\n' "$its_name" "$its_hub" "$its_categories"
  done; fi
}

line_of() { printf '%s\n' "$2" | awk -F '\t' -v name="$1" '$1 == name'; }
others_than() { printf '%s\n' "$2" | awk -F '\t' -v name="$1" '$1 != name' | sort; }
lower() { printf '%s' "$1" | tr '[:upper:]' '[:lower:]'; }

# Whether a line is the setting of this hub: names are ours to choose, destinations are not.
is_ours() {
  local its_name its_hub its_rule its_categories
  IFS=$'\t' read -r its_name its_hub its_rule its_categories <<<"$1"
  [ "$its_hub" = "$hub" ] && [ "$(lower "$its_rule")" = "$(lower "$rule_id")" ]
}

wanted="$(printf '%s\n' "${categories[@]}" | sort | paste -s -d , -)"
before="$(list_settings)"
show_settings 'Settings before:' "$before"
mine="$(line_of "$name" "$before")"
if [ -n "$mine" ] && ! is_ours "$mine"; then
  fail "a setting $name exists and sends elsewhere. It is not ours: choose another --name"
fi
count="$(printf '%s' "$before" | grep -c . || true)"

if [ "$remove" = true ]; then
  [ -n "$mine" ] || { printf 'There is no setting %s: nothing to do.\n' "$name"; exit 0; }
  if [ "$dry_run" = true ]; then
    printf 'would remove %s\n' "$name"
    exit 0
  fi
  az rest --method delete --url "$all/$name?$api" --output none
else
  [ -n "$mine" ] || [ "$count" -lt 5 ] || fail 'the tenant has five settings, as many as it may: remove one first'
  body="$(mktemp)"
  trap 'rm -f "$body"' EXIT
  {
    printf '{"properties":{"eventHubAuthorizationRuleId":"%s","eventHubName":"%s","logs":[' "$rule_id" "$hub"
    separator=''
    for category in "${categories[@]}"; do
      printf '%s{"category":"%s","enabled":true}' "$separator" "$category"
      separator=,
    done
    printf ']}}\n'
  } >"$body"
  if [ "$dry_run" = true ]; then
    printf 'would write %s:\n' "$name"
    cat "$body"
    exit 0
  fi
  az rest --method put --url "$all/$name?$api" --body "@$body" --headers 'Content-Type=application/json' --output none
fi

# A 200 proves nothing here: read back until it says what was written.
attempts="${READ_BACK_ATTEMPTS:-24}"
settled=false
for ((attempt = 1; attempt <= attempts; attempt++)); do
  if now="$(az rest --method get --url "$all/$name?$api" --query "[[$fields]]" --output tsv 2>/dev/null)"; then
    if [ "$remove" = false ] && is_ours "$now" && [ "${now##*$'\t'}" = "$wanted" ]; then settled=true; fi
  elif [ "$remove" = true ] && [ -z "$(line_of "$name" "$(list_settings)")" ]; then
    settled=true
  fi
  [ "$settled" = false ] || break
  printf 'reading back: not there yet (%s of %s)\n' "$attempt" "$attempts"
  sleep "${READ_BACK_DELAY_SECONDS:-5}"
done
[ "$settled" = true ] || fail "Azure took the change, and does not show it. Look at the list in a few minutes before you trust it:
  az rest --method get --url '$all?$api'"

after="$(list_settings)"
show_settings 'Settings after:' "$after"
[ "$(others_than "$name" "$before")" = "$(others_than "$name" "$after")" ] ||
  fail 'another setting has changed meanwhile. This script did not do it: compare the two lists above'
if [ "$remove" = true ]; then printf 'Removed %s.\n' "$name"; else printf '%s streams %s to %s.\n' "$name" "$wanted" "$hub"; fi
