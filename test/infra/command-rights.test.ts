import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { needsOf, withAllHeld } from './rights/command-needs.ts'
import { commandsInPage, commandsInScript, type FoundCommand, sectionText } from './rights/commands-in.ts'
import { PEOPLE, PLACES } from './rights/readers.ts'

const below = (folder: string, ending: RegExp): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => posix.join(folder, name))

const files = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  ...below('docs', /\.md$/).filter((file) => !file.startsWith('docs/decisions/')),
  ...below('infra', /\.sh$/),
  ...below('.github/workflows', /\.yml$/),
]
const commandsIn = (file: string, text: string): readonly FoundCommand[] =>
  file.endsWith('.md') ? commandsInPage(file, text) : commandsInScript(file, text)

/** Why somebody who follows a text would meet a 403, or a command that nobody has looked up. */
function problemsOf(commands: readonly FoundCommand[]): readonly string[] {
  return commands.flatMap((command, at) => {
    const { file, section, line, words } = command
    const what = `${file}${section && ` § ${section}`}: ${line.slice(0, 90)}`
    const needs = needsOf(command)
    if (needs === undefined) return [`nobody has looked up what it takes: ${what}`]
    // Other processes of the machine see arguments.
    if (/ --(?:value|password|secret)[ =]/.test(line)) return [`a secret in an argument: ${what}`]
    const place =
      PLACES.find((it) => it.file === file && it.section === section) ??
      PLACES.find((it) => it.file === file && it.section === undefined)
    if (place === undefined) return [`nobody is said to run it: ${what}`]
    // A right that the text has its reader take before.
    const granted = commands
      .slice(0, at)
      .filter((it) => it.file === file && it.section === section)
      .filter((it) => it.words === 'role assignment create' && /--assignee "?<you>/.test(it.line))
      .flatMap((it) => /--role ["']?([\w ]+?)["']? --/.exec(it.line)?.[1] ?? [])
    const held = withAllHeld([...PEOPLE[place.who].roles, ...(place.asks ?? []), ...granted])
    return needs.some((role) => held.has(role))
      ? []
      : [`${place.who} lacks ${needs.join(' or ') || 'what nobody has'} for ${words}: ${what}`]
  })
}

describe('commands of docs and scripts', () => {
  const commands = files.flatMap((file) => commandsIn(file, readFileSync(file, 'utf8')))

  it('are all found, and each can be run by whoever the text has run it', () => {
    expect(commands.length).toBeGreaterThan(90)
    expect(problemsOf(commands)).toEqual([])
  })

  it('are run by people who are told which roles to have', () => {
    for (const [who, { roles, saidIn }] of Object.entries(PEOPLE)) {
      const text = sectionText(readFileSync(saidIn[0], 'utf8'), saidIn[1])
      for (const role of roles) expect([who, role, text.includes(role)]).toEqual([who, role, true])
    }
    for (const { file, section = '', asks = [] } of PLACES) {
      const text = sectionText(readFileSync(file, 'utf8'), section)
      expect([file, section, text !== '']).toEqual([file, section, true])
      for (const role of asks)
        expect([file, section, role, text.includes(role)]).toEqual([file, section, role, true])
    }
  })

  it('stand where somebody is said to run them, and nowhere else is said so', () => {
    const unused = PLACES.filter(
      ({ file, section }) =>
        !commands.some((it) => it.file === file && (section ?? it.section) === it.section),
    )
    expect(unused).toEqual([])
  })
})

describe('the check of commands sees', () => {
  const page = (file: string, heading: string, ...lines: readonly string[]) =>
    problemsOf(commandsInPage(file, `## ${heading}\n\n\`\`\`bash\n${lines.join('\n')}\n\`\`\`\n`))

  it('a secret that an Owner may not set', () => {
    const command = 'az keyvault secret set --vault-name "$(out keyVault)" --name webhook-secret --file x'
    expect(page('docs/deploy.md', 'Before', command)).toEqual([
      expect.stringContaining('deployer lacks Key Vault Secrets Officer'),
    ])
    const grant = 'az role assignment create --role "Key Vault Secrets Officer" --assignee "<you>" --scope x'
    expect(page('docs/deploy.md', 'Before', grant, command)).toEqual([])
  })

  it('a secret in an argument', () => {
    const command =
      'az keyvault secret set --vault-name v --name webhook-secret --value "whsec_$(openssl rand)"'
    expect(page('docs/operations.md', 'Replay', command)).toEqual([
      expect.stringContaining('a secret in an argument'),
    ])
  })

  it('an action on risk by the token of the Azure CLI, whatever the role', () => {
    const command =
      'az rest --method post --url https://graph.microsoft.com/v1.0/identityProtection/riskyServicePrincipals/confirmCompromised \\\n  --body x'
    expect(page('docs/deploy.md', '5. See the first event', command)).toEqual([
      expect.stringContaining('lacks what nobody has'),
    ])
  })

  it('settings of the app that operators may not list', () => {
    const command = 'az functionapp config appsettings list --resource-group rg-risk --name func-risk'
    expect(page('docs/cli.md', 'doctor', command)).toEqual([
      expect.stringContaining('operator lacks Website Contributor'),
    ])
  })

  it('checkpoints that neither operators nor an Owner may change', () => {
    const command = 'az storage blob metadata update --auth-mode login --account-name x'
    expect(page('docs/operations.md', 'A partition stands still', command)).toHaveLength(1)
    expect(page('docs/operations.md', 'Replay', command)).toHaveLength(1)
  })

  it('a command that nobody has looked up, in a block, in a sentence and in a script', () => {
    const unknown = expect.stringContaining('nobody has looked up')
    expect(page('docs/deploy.md', 'Before', 'az group create --name x')).toEqual([unknown])
    expect(problemsOf(commandsInPage('docs/deploy.md', 'Run `az group create`.'))).toEqual([unknown])
    expect(
      problemsOf(commandsInScript('infra/lock-archive.sh', 'x="$(az vm list \\\n  --output tsv)"')),
    ).toEqual([unknown])
    expect(problemsOf(commandsInScript('infra/new.sh', 'az login'))).toEqual([
      expect.stringContaining('nobody is said to run it'),
    ])
    expect(page('docs/deploy.md', 'Before', 'az rest --method get --url /providers/x')).toEqual([unknown])
  })
})
