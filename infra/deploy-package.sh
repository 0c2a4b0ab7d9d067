#!/usr/bin/env bash
# Deploys one package to the function app: the one whose SHA-256 the deployment pins, and no other.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: infra/deploy-package.sh --resource-group GROUP --app NAME --package FILE [--repository OWNER/NAME] [--close] [--dry-run]

Compares the SHA-256 of FILE with the one that the infrastructure pinned on the app (tag risk-export-package-sha256), waits until the
app's secrets are resolved, deploys FILE, and waits until the app lists its functions. Roles take up to a quarter of an hour to spread:
what is refused for that is tried again for as long.

  --repository  also verify with the GitHub CLI that a workflow of this repository built FILE (released packages)
  --close       afterwards take from the platform the right to store packages (as Owner): then nothing that runs in the app can replace
                the program. The next deployment of the infrastructure gives it back
  --dry-run     compare and verify; change nothing
TEXT
}

fail() {
  printf 'deploy-package: %s\n' "$1" >&2
  exit "${2:-1}"
}

sha256_of() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum "$1" | cut -d ' ' -f 1
  else
    shasum -a 256 "$1" | cut -d ' ' -f 1
  fi
}

group='' app='' package='' repository='' close=false dry_run=false
while [ $# -gt 0 ]; do
  case "$1" in
    --resource-group) group="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --app) app="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --package) package="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --repository) repository="${2:-}"; shift 2 || fail 'a value is missing' 2 ;;
    --close) close=true; shift ;;
    --dry-run) dry_run=true; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "unknown argument $1" 2 ;;
  esac
done
if [ -z "$group" ] || [ -z "$app" ] || [ -z "$package" ]; then
  usage >&2
  fail 'give --resource-group, --app and --package' 2
fi
[ -f "$package" ] || fail "no file $package"

pinned="$(az functionapp show --resource-group "$group" --name "$app" --query 'tags."risk-export-package-sha256"' --output tsv)"
[ -n "$pinned" ] || fail "$app carries no tag risk-export-package-sha256: deploy the template first"
actual="$(sha256_of "$package")"
if [ "$actual" != "$pinned" ]; then
  fail "$package is not the package that this deployment pins.
  pinned $pinned
  file   $actual
Get the right file, or deploy the template again with appVersion and appPackageSha256 of this one."
fi
printf 'package %s\nsha256  %s (as pinned)\n' "$package" "$actual"
if [ -n "$repository" ]; then
  command -v gh >/dev/null 2>&1 || fail '--repository needs the GitHub CLI (gh) on PATH'
  gh attestation verify "$package" --repo "$repository" ||
    fail "GitHub does not attest that $repository built $package; nothing was deployed"
  printf 'built by %s (attested)\n' "$repository"
fi

take_write_right() {
  id="$(az functionapp show --resource-group "$group" --name "$app" --query id --output tsv)"
  storage="$(az rest --method get --url "https://management.azure.com$id?api-version=2024-04-01" --output tsv \
    --query '[[properties.functionAppConfig.deployment.storage.value, properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId]]')"
  IFS="$(printf '\t')" read -r container identity <<TEXT
$storage
TEXT
  account="${container#https://}"
  account_id="$(az storage account show --name "${account%%.*}" --query id --output tsv)"
  principal="$(az identity show --ids "$identity" --query principalId --output tsv)"
  az role assignment delete --assignee "$principal" --role "Storage Blob Data Contributor" --scope "$account_id/blobServices/default/containers/${container##*/}" ||
    fail "the package is deployed, but the right to store packages was not taken away. That takes Owner: run this again with --close"
  printf 'closed: the platform may load the package and store no other\n'
}

if [ "$dry_run" = true ]; then
  printf 'would deploy it to %s\n' "$app"
  exit 0
fi
"$(dirname "$0")/wait-for-references.sh" --resource-group "$group" --app "$app"

# Flex Consumption keeps the package in a storage account, which it opens with an identity of the app.
said="$(mktemp)"
trap 'rm -f "$said"' EXIT
delay=15 waited=0
until az functionapp deployment source config-zip --resource-group "$group" --name "$app" --src "$package" --output none 2>"$said"; do
  if grep -q 'AuthorizationFailed' "$said" || ! grep -Eq '403|AuthorizationPermissionMismatch|InaccessibleStorage' "$said"; then
    cat "$said" >&2
    fail "Azure refused the package"
  fi
  [ "$waited" -lt 900 ] || {
    cat "$said" >&2
    fail "after 15 minutes the storage of the package is still closed. Look for the roles on it in docs/deploy.md; --close takes one away until the infrastructure is deployed again"
  }
  printf 'the storage of the package is closed yet: its roles are spreading (%s s so far)\n' "$waited"
  sleep "$delay"
  waited=$((waited + delay))
  delay=$((delay < 60 ? delay * 2 : 120))
done

for attempt in 1 2 3 4 5 6 7 8 9 10 11 12; do
  names="$(az functionapp function list --resource-group "$group" --name "$app" --query '[].name' --output tsv)"
  case "$names" in
    *ingest*)
      printf 'functions:\n%s\n' "$names"
      [ "$close" = false ] || take_write_right
      exit 0
      ;;
  esac
  printf 'waiting for the functions to appear (%s of 12)\n' "$attempt"
  sleep 10
done
fail "$app lists no function ingest. A bad app setting stops the app at load: look for «Reading app settings failed» in the traces of Application Insights."
