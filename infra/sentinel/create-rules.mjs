// Creates rules of the solution in a workspace, each once: what exists is left as it is, whatever a SOC has made of it.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const USAGE = `usage: node infra/sentinel/create-rules.mjs --workspace ID [--enable] [--dry-run] [RULE...]

  --workspace  resource id of the workspace
  --enable     switch the new rules on
  --dry-run    show what is there and what would be created; change nothing
  RULE         name of a rule (default: all)

A rule that is there, of that id or made from that template, is never written again: neither query nor severity nor whether it is on.
A rule that was deleted is created again: name the rules that you want.
`
const WORKSPACE =
  /^\/subscriptions\/[\da-f-]{36}\/resourcegroups\/[^/]+\/providers\/microsoft\.operationalinsights\/workspaces\/[^/]+$/i
const API = 'api-version=2025-07-01-preview'

function fail(message) {
  process.stderr.write(`create-rules: ${message}\n`)
  process.exit(1)
}

/** Templates write a leading bracket twice. */
const plain = (value) => {
  if (typeof value === 'string') return value.startsWith('[[') ? value.slice(1) : value
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
  return value
}

/** Rules of the solution, in the form of the API. */
function templates() {
  const { resources } = JSON.parse(readFileSync(join(import.meta.dirname, 'azuredeploy.json'), 'utf8'))
  return resources
    .filter(({ properties }) => properties.contentKind === 'AnalyticsRule')
    .map(({ properties }) => {
      const [{ kind, properties: rule }] = properties.mainTemplate.resources
      // Of templates alone.
      const { status: _, requiredDataConnectors: __, ...body } = plain(rule)
      return { id: properties.contentId, version: properties.version, kind, body }
    })
}

const az = (...args) => execFileSync('az', ['rest', ...args], { encoding: 'utf8', maxBuffer: 64 << 20 })

/** Ids of the rules of the workspace, and of the templates that they were made from. */
function existing(all) {
  const known = new Set()
  for (let url = `${all}?${API}`; url !== undefined; ) {
    const { value, nextLink } = JSON.parse(az('--method', 'get', '--url', url, '--output', 'json'))
    for (const { name, properties } of value)
      for (const id of [name, properties.alertRuleTemplateName]) if (id) known.add(id.toLowerCase())
    url = nextLink
  }
  return known
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    workspace: { type: 'string', default: '' },
    enable: { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  process.stdout.write(USAGE)
  process.exit(0)
}
if (!WORKSPACE.test(values.workspace)) fail(`give --workspace: the resource id of a workspace\n${USAGE}`)
const wanted = templates().filter(
  ({ body }) => positionals.length === 0 || positionals.includes(body.displayName),
)
const unknown = positionals.filter((name) => !wanted.some(({ body }) => body.displayName === name))
if (unknown.length > 0) fail(`no rule ${unknown.join(', ')}`)

const all = `https://management.azure.com${values.workspace}/providers/Microsoft.SecurityInsights/alertRules`
const there = existing(all)
for (const { id, version, kind, body } of wanted) {
  if (there.has(id)) {
    process.stdout.write(`there already  ${body.displayName}\n`)
    continue
  }
  process.stdout.write(`${values['dry-run'] ? 'would create ' : 'create       '}  ${body.displayName}\n`)
  if (values['dry-run']) continue
  const rule = {
    kind,
    properties: { ...body, enabled: values.enable, alertRuleTemplateName: id, templateVersion: version },
  }
  az('--method', 'put', '--url', `${all}/${id}?${API}`, '--body', JSON.stringify(rule), '--output', 'none')
}
