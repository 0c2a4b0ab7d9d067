// Stands in for the Azure CLI: keeps its world in a file, logs every call, knows the commands and
// queries of our scripts and no others.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'

const args = process.argv.slice(2)
const worldFile = process.env.FAKE_AZ_WORLD
const world = JSON.parse(readFileSync(worldFile, 'utf8'))
const keep = () => writeFileSync(worldFile, JSON.stringify(world))
appendFileSync(process.env.FAKE_AZ_LOG, `${args.join(' ')}\n`)

const option = (name) => {
  const at = args.indexOf(name)
  return at < 0 ? undefined : args[at + 1]
}
const refuse = (message) => {
  process.stderr.write(`ERROR: ${message}\n`)
  process.exit(1)
}
/** As the CLI prints `--output tsv`: rows of a list, cells apart by tabs, None for null. */
const tsv = (value) => {
  if (value === null || value === undefined) return
  const rows = Array.isArray(value) ? value : [value]
  const cell = (it) => (it === null ? 'None' : String(it))
  for (const row of rows)
    process.stdout.write(`${Array.isArray(row) ? row.map(cell).join('\t') : cell(row)}\n`)
}

const settingFields = ({ name, properties }) => [
  name,
  properties.eventHubName ?? null,
  properties.eventHubAuthorizationRuleId ?? null,
  (properties.logs ?? [])
    .filter((log) => log.enabled)
    .map((log) => log.category)
    .sort()
    .join(','),
]
const FIELDS =
  "name, properties.eventHubName, properties.eventHubAuthorizationRuleId, join(',', sort((properties.logs || `[]`)[?enabled].category))"
/** The JMESPath expressions of our scripts, each with what it means. */
const queries = {
  [`value[].[${FIELDS}]`]: (it) => it.value.map(settingFields),
  [`[[${FIELDS}]]`]: (it) => [settingFields(it)],
  '[[state, immutabilityPeriodSinceCreationInDays, etag]]': (it) => it && [[it.state, it.days, it.etag]],
  'tags."risk-export-package-sha256"': (it) => it.tags['risk-export-package-sha256'],
  '[].name': (it) => it,
}
const answer = (result) => {
  if (option('--output') === 'none') return
  const query = queries[option('--query')]
  if (query === undefined) refuse(`unknown query ${option('--query')}`)
  tsv(query(result))
}

function rest() {
  const url =
    /^\/providers\/microsoft\.aadiam\/diagnosticSettings(?:\/([^?]+))?\?api-version=2017-04-01$/.exec(
      option('--url'),
    )
  if (url === null) refuse(`unknown url ${option('--url')}`)
  const name = url[1]
  switch (option('--method')) {
    case 'get': {
      if (name === undefined)
        return answer({
          value: world.settings.filter((s) => !(s.name === world.fresh && world.hiddenReads > 0)),
        })
      if (world.fresh === name && world.hiddenReads > 0) {
        world.hiddenReads -= 1
        keep()
        refuse('Not Found({"error":{"code":"ResourceNotFound"}})')
      }
      const found = world.settings.find((s) => s.name === name)
      return found === undefined ? refuse('Not Found({"error":{"code":"ResourceNotFound"}})') : answer(found)
    }
    case 'put': {
      const body = JSON.parse(readFileSync(option('--body').slice(1), 'utf8'))
      if (world.losesCategory !== undefined)
        body.properties.logs = body.properties.logs.filter((l) => l.category !== world.losesCategory)
      world.settings = [...world.settings.filter((s) => s.name !== name), { name, ...body }]
      if (world.alsoTouches !== undefined)
        world.settings = world.settings.filter((s) => s.name !== world.alsoTouches)
      world.fresh = name
      return keep()
    }
    case 'delete':
      world.settings = world.settings.filter((s) => s.name !== name)
      return keep()
    default:
      return refuse('unknown method')
  }
}

function immutability(verb) {
  const container = option('--container-name')
  const policy = world.policies[container]
  if (verb === 'show') return answer(policy)
  if (policy.etag !== option('--if-match'))
    refuse('The condition specified using HTTP conditional header(s) is not met.')
  policy.state = world.lockDoesNothing ? 'Unlocked' : 'Locked'
  policy.etag = `${policy.etag}-locked`
  return keep()
}

switch (args.filter((_, i) => i < args.findIndex((a) => a.startsWith('--'))).join(' ')) {
  case 'rest':
    rest()
    break
  case 'storage container immutability-policy show':
    immutability('show')
    break
  case 'storage container immutability-policy lock':
    immutability('lock')
    break
  case 'functionapp show':
    answer({ tags: world.tags })
    break
  case 'functionapp deployment source config-zip':
    world.deployed = option('--src')
    keep()
    break
  case 'functionapp function list': {
    const visible = world.deployed !== undefined && world.functionsHiddenFor <= 0
    world.functionsHiddenFor -= 1
    keep()
    answer(visible ? world.functions : [])
    break
  }
  default:
    refuse(`unknown command ${args.join(' ')}`)
}
