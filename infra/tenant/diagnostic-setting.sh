#!/usr/bin/env bash
# The Entra diagnostic setting that streams workload-identity risk to the hub. It belongs to the tenant, so it is made apart from
# the deployment, by somebody with the rights (docs/deploy.md). Touches one setting, its own.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: infra/tenant/diagnostic-setting.sh --rule-id ID --hub NAME [--name NAME] [--without-agents] [--with-users]
                                          [--check | --remove] [--dry-run] [--yes]

  --rule-id         id of the namespace's authorization rule: output diagnosticRuleId of the deployment
  --hub             name of the event hub: output eventHub
  --name            name of the setting (entra-risk-export)
  --without-agents  leave out RiskyAgents and AgentRiskEvents
  --with-users      also RiskyUsers and UserRiskEvents: personal data; the app must be deployed with includeUserRisk
  --check           say whether the setting is there and streams all of it; change nothing
  --remove          remove the setting instead, if it is ours
  --dry-run         show what is there and what would be done; change nothing
  --yes             do not ask

It shows the tenant and asks before it changes anything. Categories that the tenant does not know are left out, with a word. Azure may
answer 404 for a setting that it has just taken: what was written is read back, for up to two minutes.

Exit codes: 0 done, or with --check: the setting streams what it should; 1 it does not, or something failed; 2 invalid command line;
3 not confirmed, or with --check: Azure did not tell.
TEXT
}

fail() {
  printf 'diagnostic-setting: %s\n' "$1" >&2
  exit "${2:-1}"
}

rule_id='' hub='' name=entra-risk-export check=false remove=false dry_run=false yes=false agents=true users=false
while [ $# -gt 0 ]; do
  case "$1" in
    --rule-id) rule_id="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --hub) hub="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --name) name="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --without-agents) agents=false; shift ;;
    --with-users) users=true; shift ;;
    --check) check=true; shift ;;
    --remove) remove=true; shift ;;
    --dry-run) dry_run=true; shift ;;
    --yes) yes=true; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "unknown argument $1" 2 ;;
  esac
done
if [ -z "$rule_id" ] || [ -z "$hub" ]; then
  usage >&2
  fail 'give --rule-id and --hub' 2
fi
[ "$check" = false ] || [ "$remove" = false ] || fail '--check and --remove exclude each other' 2
[[ "$name" =~ ^[A-Za-z0-9._-]{1,100}$ ]] || fail 'the name may hold letters, digits, dot, dash and underscore' 2
[[ "$hub" =~ ^[A-Za-z0-9._-]{1,256}$ ]] || fail 'that is no name of an event hub' 2
[[ "$rule_id" =~ ^/subscriptions/[0-9a-fA-F-]{36}/resource[gG]roups/[^/\"\\]+/providers/[mM]icrosoft\.[eE]vent[hH]ub/namespaces/[^/\"\\]+/[aA]uthorization[rR]ules/[^/\"\\]+$ ]] ||
  fail 'the rule id is not that of a rule of an Event Hubs namespace' 2

# Whole addresses: shells of Windows take what begins with a slash for a path, and rewrite it.
aadiam=https://management.azure.com/providers/microsoft.aadiam
all=$aadiam/diagnosticSettings
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
namespace_of() { lower "${1%/*/*}"; }

# Whether a line is the setting of this hub: names are ours to choose, destinations are not. Which rule of the namespace it uses may
# change, when its keys are rotated.
is_ours() {
  local its_name its_hub its_rule its_categories
  IFS=$'\t' read -r its_name its_hub its_rule its_categories <<<"$1"
  [ "$(lower "$its_hub")" = "$(lower "$hub")" ] && [ "$(namespace_of "$its_rule")" = "$(namespace_of "$rule_id")" ]
}
uses_rule() {
  local its_name its_hub its_rule its_categories
  IFS=$'\t' read -r its_name its_hub its_rule its_categories <<<"$1"
  [ "$(lower "$its_rule")" = "$(lower "$rule_id")" ]
}

# Who is asked, before anything else: az may be signed in to another tenant than its owner thinks.
signed_in="$(az account show --query '[[tenantId, user.name]]' --output tsv)" || fail 'not signed in: az login' 3
IFS=$'\t' read -r tenant user <<<"$signed_in"
IFS=/ read -r _ _ subscription _ <<<"$rule_id"
owner="$(az account show --subscription "$subscription" --query tenantId --output tsv 2>/dev/null || true)"
printf 'Tenant:       %s, as %s\nSubscription: %s of the namespace%s\n' "$tenant" "$user" "$subscription" \
  "$([ -n "$owner" ] || printf ', which you do not see')"
[ -z "$owner" ] || [ "$owner" = "$tenant" ] ||
  fail "the namespace belongs to the tenant $owner, and you are signed in to $tenant. Entra writes to hubs of its own tenant only"

categories=(RiskyServicePrincipals ServicePrincipalRiskEvents)
[ "$agents" = false ] || categories+=(RiskyAgents AgentRiskEvents)
[ "$users" = false ] || categories+=(RiskyUsers UserRiskEvents)
if [ "$remove" = false ]; then
  if known="$(az rest --method get --url "$aadiam/diagnosticSettingsCategories?$api" --query 'value[].name' --output tsv 2>/dev/null)"; then
    kept=()
    for category in "${categories[@]}"; do
      if printf '%s\n' "$known" | grep -Fixq "$category"; then
        kept+=("$category")
      else
        printf 'Left out: %s, which this tenant does not know.\n' "$category"
      fi
    done
    [ ${#kept[@]} -gt 0 ] || fail 'the tenant knows none of the categories: nothing to stream'
    categories=("${kept[@]}")
  else
    printf 'Azure does not tell which categories the tenant knows: all are asked for.\n'
  fi
fi

wanted="$(printf '%s\n' "${categories[@]}" | sort | paste -s -d , -)"
before="$(list_settings)" || fail 'Azure does not list the settings of the tenant' 3
show_settings 'Settings before:' "$before"
mine="$(line_of "$name" "$before")"
if [ -n "$mine" ] && ! is_ours "$mine"; then
  fail "a setting $name exists and sends elsewhere. It is not ours: choose another --name"
fi
count="$(printf '%s' "$before" | grep -c . || true)"

if [ "$check" = true ]; then
  [ -n "$mine" ] || fail "there is no setting $name: Entra streams nothing to $hub"
  uses_rule "$mine" || fail "$name uses another rule of the namespace than $rule_id"
  missing="$(comm -23 <(printf '%s\n' "${categories[@]}" | sort) <(printf '%s\n' "${mine##*$'\t'}" | tr , '\n' | sort) | paste -s -d , -)"
  [ -z "$missing" ] || fail "$name does not stream $missing"
  printf '%s streams %s to %s.\n' "$name" "$wanted" "$hub"
  exit 0
fi

confirm() {
  [ "$yes" = false ] || return 0
  printf '%s\nType yes to go on: ' "$1"
  read -r answer || answer=''
  [ "$answer" = yes ] || fail 'not confirmed; nothing was changed' 3
}

if [ "$remove" = true ]; then
  [ -n "$mine" ] || { printf 'There is no setting %s: nothing to do.\n' "$name"; exit 0; }
  if [ "$dry_run" = true ]; then
    printf 'would remove %s\n' "$name"
    exit 0
  fi
  confirm "Remove the setting $name from tenant $tenant?"
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
  confirm "Have tenant $tenant stream $wanted to the hub $hub, by the setting $name?"
  az rest --method put --url "$all/$name?$api" --body "@$body" --headers 'Content-Type=application/json' --output none
fi

# A 200 proves nothing here: read back until it says what was written.
attempts="${READ_BACK_ATTEMPTS:-24}"
settled=false
for ((attempt = 1; attempt <= attempts; attempt++)); do
  if now="$(az rest --method get --url "$all/$name?$api" --query "[[$fields]]" --output tsv 2>/dev/null)"; then
    if [ "$remove" = false ] && is_ours "$now" && uses_rule "$now" && [ "${now##*$'\t'}" = "$wanted" ]; then settled=true; fi
  elif [ "$remove" = true ] && [ -z "$(line_of "$name" "$(list_settings)")" ]; then
    settled=true
  fi
  [ "$settled" = false ] || break
  printf 'reading back: not there yet (%s of %s)\n' "$attempt" "$attempts"
  sleep 5
done
[ "$settled" = true ] || fail "Azure took the change, and does not show it. Look at the list in a few minutes before you trust it:
  az rest --method get --url '$all?$api'"

after="$(list_settings)"
show_settings 'Settings after:' "$after"
[ "$(others_than "$name" "$before")" = "$(others_than "$name" "$after")" ] ||
  fail 'another setting has changed meanwhile. This script did not do it: compare the two lists above'
if [ "$remove" = true ]; then printf 'Removed %s.\n' "$name"; else printf '%s streams %s to %s.\n' "$name" "$wanted" "$hub"; fi
