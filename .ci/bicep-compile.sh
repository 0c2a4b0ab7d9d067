#!/usr/bin/env bash
# Builds and lints every Bicep file with the real compiler, fails on any warning, and compares what each parameter file of
# test/infra/snapshots/ would deploy with the snapshot beside it; --update writes the snapshots anew. Each parameter file of
# test/infra/refused/ must be refused in the words of its first line.
#
# The compiler is `bicep` from PATH, or else the NuGet package that the Bicep project publishes it in. Without either and without
# dotnet nothing can be said, which is no error; where dotnet is there, a compiler that cannot be had is one.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=Validate
case "${1:-}" in
  '') ;;
  --update) mode=Overwrite ;;
  *) printf 'usage: bicep-compile.sh [--update]\n' >&2 && exit 2 ;;
esac

version="${BICEP_VERSION:-0.49.2}"
package=Azure.Bicep.CommandLine.linux-x64
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# Kept where NuGet keeps packages: the next run restores nothing.
from_nuget() {
  cat >"$work/compiler.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="$package" Version="[$version]" /></ItemGroup>
</Project>
XML
  dotnet restore "$work/compiler.csproj" >"$work/restore.log" 2>&1 || return 1
  packages="$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')"
  printf '%s\n' "${packages%/}/$(printf '%s' "$package" | tr '[:upper:]' '[:lower:]')/$version/tools/bicep"
}

if ! bicep="$(command -v bicep)"; then
  if ! command -v dotnet >/dev/null 2>&1; then
    printf 'bicep-compile: neither bicep nor dotnet is on PATH: nothing was compiled.\n'
    exit 0
  fi
  if ! bicep="$(from_nuget)"; then
    printf 'bicep-compile: %s %s could not be restored:\n' "$package" "$version" >&2
    cat "$work/restore.log" >&2
    exit 1
  fi
  chmod +x "$bicep"
fi
if [[ "$("$bicep" --version)" != *" $version "* ]]; then
  printf 'bicep-compile: %s is not version %s: %s\n' "$bicep" "$version" "$("$bicep" --version)" >&2
  exit 1
fi

failed=false
fail() {
  printf '%s:\n' "$1" >&2
  cat "$work/said.log" >&2
  failed=true
}

# The compiler writes outputs in another order each time.
sort_outputs() {
  node -e '
    const { readFileSync, writeFileSync } = require("node:fs")
    const [, file] = process.argv
    const { outputs, ...rest } = JSON.parse(readFileSync(file, "utf8"))
    const sorted = Object.fromEntries(Object.entries(outputs).sort(([a], [b]) => (a < b ? -1 : 1)))
    writeFileSync(file, JSON.stringify({ ...rest, outputs: sorted }, undefined, 2))
  ' "$1"
}

mapfile -t files < <(git ls-files --cached --others --exclude-standard 'infra/*.bicep')
for file in "${files[@]}"; do
  # Building lints too, and tells of every module: those need no build of their own.
  grep -qF "/$(basename "$file")'" "${files[@]}" && continue
  if ! "$bicep" build "$file" --outfile "$work/built.json" >"$work/said.log" 2>&1 || grep -Eq ' : (Warning|Error) ' "$work/said.log"; then
    fail "build $file"
  fi
done

subscription=(--subscription-id 00000000-0000-4000-8000-00000000005b)
mapfile -t parameters < <(git ls-files --cached --others --exclude-standard 'test/infra/snapshots/*.bicepparam')
for file in "${parameters[@]}"; do
  place=(--tenant-id 33333333-3333-4333-8333-333333333333 --location westeurope)
  [[ "$file" == */tenant*.bicepparam ]] || place+=("${subscription[@]}")
  if ! "$bicep" snapshot "$file" --mode "$mode" "${place[@]}" >"$work/said.log" 2>&1 || grep -Eq ' : (Warning|Error) ' "$work/said.log"; then
    fail "snapshot $file (where it should differ: .ci/bicep-compile.sh --update)"
  elif [ "$mode" = Overwrite ]; then
    sort_outputs "${file%.bicepparam}.snapshot.json"
  fi
done

mapfile -t refused < <(git ls-files --cached --others --exclude-standard 'test/infra/refused/*.bicepparam')
for file in "${refused[@]}"; do
  why="$(sed -n '1s|^// ||p' "$file")"
  if "$bicep" snapshot "$file" --mode Overwrite "${subscription[@]}" >"$work/said.log" 2>&1 || ! grep -qF "$why" "$work/said.log"; then
    fail "$file is not refused with: $why"
    rm -f "${file%.bicepparam}.snapshot.json"
  fi
done

[ "$failed" = false ] || exit 1

# The solution package is made from the compiled form of this one, on machines without a compiler too.
"$bicep" build infra/sentinel/playbooks/playbook.bicep --outfile "$work/playbook.json"
if ! node infra/sentinel/playbooks/compiled.mjs "$work/playbook.json" | cmp -s - infra/sentinel/playbooks/playbook.json; then
  printf 'bicep-compile: infra/sentinel/playbooks/playbook.json is not what playbook.bicep gives: write it by\n'
  printf '  bicep build infra/sentinel/playbooks/playbook.bicep --stdout | node infra/sentinel/playbooks/compiled.mjs >infra/sentinel/playbooks/playbook.json\n'
  exit 1
fi

printf 'bicep-compile: built and linted %s files, no warning; %s snapshots %s, %s parameter files refused\n' "${#files[@]}" "${#parameters[@]}" \
  "$([ "$mode" = Validate ] && echo agree || echo written)" "${#refused[@]}"
