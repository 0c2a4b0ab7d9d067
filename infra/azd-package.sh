#!/usr/bin/env bash
# Hooks of azd: pin the package before the infrastructure is deployed, check it before the app is.
set -euo pipefail

fail() {
  printf 'azd-package: %s\n' "$1" >&2
  exit "${2:-1}"
}

sha256_of() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum "$1" | cut -d ' ' -f 1
  else
    shasum -a 256 "$1" | cut -d ' ' -f 1
  fi
}

cd "$(dirname "$0")/.."
# Where azure.yaml has azd take the package from.
kept=dist/azd/risk-export.zip

case "${1:-}" in
  pin)
    version="${APP_VERSION_WANTED:-$(node -p 'require("./package.json").version')}"
    package="${APP_PACKAGE:-dist/risk-export-$version.zip}"
    # A package that was downloaded (APP_PACKAGE) is used as it is; else it is made from this source. Nothing of a dependency runs
    # while it is installed: whoever deploys is signed in to Azure.
    if [ -z "${APP_PACKAGE:-}" ]; then
      npm ci --ignore-scripts
      npm run package
    fi
    [ -f "$package" ] || fail "no file $package"
    list="${package%.zip}.files"
    [ -f "$list" ] || fail "no file $list: the release has it beside the package"
    if [ -n "${APP_REPOSITORY:-}" ]; then
      command -v gh >/dev/null 2>&1 || fail 'APP_REPOSITORY needs the GitHub CLI (gh) on PATH'
      gh attestation verify "$package" --repo "$APP_REPOSITORY" || fail "GitHub does not attest that $APP_REPOSITORY built $package"
    fi
    mkdir -p "$(dirname "$kept")"
    cp "$package" "$kept"
    azd env set APP_VERSION "$version"
    azd env set APP_PACKAGE_SHA256 "$(sha256_of "$kept")"
    azd env set APP_PROGRAM_SHA256 "$(sha256_of "$list")"
    ;;
  check)
    [ -f "$kept" ] || fail "no file $kept: run azd provision first, which pins it"
    actual="$(sha256_of "$kept")"
    [ "$actual" = "${APP_PACKAGE_SHA256:-}" ] || fail "$kept is not the package that was pinned.
  pinned ${APP_PACKAGE_SHA256:-nothing}
  file   $actual
Run azd provision again, which pins this one."
    # azd signs in apart from the Azure CLI, which alone can look at the secrets.
    if [ -n "${functionApp:-}" ] && az account show --output none 2>/dev/null; then
      infra/wait-for-references.sh --resource-group "$AZURE_RESOURCE_GROUP" --app "$functionApp"
    else
      printf 'The Azure CLI is not signed in: whether the secrets of the app are resolved was not looked at.\n'
    fi
    ;;
  refuse)
    fail 'This would zip the working folder. Deploy the pinned package: azd deploy exporter --from-package dist/azd/risk-export.zip'
    ;;
  *)
    fail 'usage: infra/azd-package.sh pin | check | refuse' 2
    ;;
esac
