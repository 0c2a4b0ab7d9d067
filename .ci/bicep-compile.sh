#!/usr/bin/env bash
# Builds and lints every Bicep file with the real compiler, and fails on any warning. The compiler is `bicep` from PATH, or else the
# NuGet package that the Bicep project publishes it in. Where neither is to be had it says so and passes.
set -euo pipefail
cd "$(dirname "$0")/.."

version="${BICEP_VERSION:-0.49.2}"
package=Azure.Bicep.CommandLine.linux-x64
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

from_nuget() {
  command -v dotnet >/dev/null 2>&1 || return 1
  cat >"$work/compiler.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="$package" Version="[$version]" /></ItemGroup>
</Project>
XML
  dotnet restore "$work/compiler.csproj" --packages "$work/packages" >"$work/restore.log" 2>&1 || return 1
  find "$work/packages" -type f -name bicep | head -n 1
}

bicep="$(command -v bicep || from_nuget || true)"
if [ -z "$bicep" ]; then
  printf 'bicep-compile: no compiler: bicep is not on PATH, and %s %s could not be restored.\n' "$package" "$version"
  grep -o 'error NU[0-9]*.*' "$work/restore.log" 2>/dev/null | head -n 1 || true
  exit 0
fi
chmod +x "$bicep" 2>/dev/null || true
"$bicep" --version

failed=false
while IFS= read -r file; do
  for verb in build lint; do
    case "$verb" in
      build) arguments=(build "$file" --outfile "$work/built.json") ;;
      lint) arguments=(lint "$file") ;;
    esac
    if ! "$bicep" "${arguments[@]}" >"$work/said.log" 2>&1 || grep -Eq ' : (Warning|Error) ' "$work/said.log"; then
      printf '%s %s:\n' "$verb" "$file"
      cat "$work/said.log"
      failed=true
    fi
  done
done < <(git ls-files 'infra/*.bicep')
[ "$failed" = false ] || exit 1
printf 'bicep-compile: built and linted %s files, no warning\n' "$(git ls-files 'infra/*.bicep' | wc -l)"

# The solution package is made from the compiled form of this one, on machines without a compiler too.
"$bicep" build infra/sentinel/playbooks/playbook.bicep --outfile "$work/playbook.json"
if ! node infra/sentinel/playbooks/compiled.mjs "$work/playbook.json" | cmp -s - infra/sentinel/playbooks/playbook.json; then
  printf 'bicep-compile: infra/sentinel/playbooks/playbook.json is not what playbook.bicep gives: write it by\n'
  printf '  bicep build infra/sentinel/playbooks/playbook.bicep --stdout | node infra/sentinel/playbooks/compiled.mjs >infra/sentinel/playbooks/playbook.json\n'
  exit 1
fi
