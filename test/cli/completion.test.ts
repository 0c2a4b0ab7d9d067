import { execFile, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { allCommands, COMMANDS } from '../../cli/commands.ts'
import { cli, newFolder } from './cli-under-test.ts'

const run = promisify(execFile)
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0
const SHELLS = ['bash', 'zsh', 'pwsh'] as const

let folder: string
beforeAll(async () => {
  folder = await newFolder()
  for (const shell of SHELLS)
    await writeFile(join(folder, `completion.${shell}`), (await cli(['completion', shell])).stdout)
  await writeFile(join(folder, 'settings.json'), '{}')
})

const HARNESS = `
source completion.bash
COMP_WORDS=("$@")
COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
_risk_export
printf '%s\\n' "\${COMPREPLY[@]}"
`

/** What bash offers for the last of some words. */
async function bash(...words: string[]): Promise<readonly string[]> {
  const args = ['--noprofile', '--norc', '-c', HARNESS, 'bash', 'risk-export', ...words]
  const { stdout } = await run('bash', args, { cwd: folder })
  return stdout.split('\n').filter((line) => line !== '')
}

describe('completion in bash', () => {
  it('offers every command, and the second words of those that have two', async () => {
    const top = await bash('')
    for (const [name] of COMMANDS) expect(top).toContain(name.split(' ')[0])
    expect(await bash('dead-letters', '')).toEqual(['list', 'show', 'retry', 'discard'])
    expect(await bash('st')).toEqual(['status'])
    expect(await bash('help', 're')).toEqual(['report', 'record', 'replay', 'respond'])
    expect(await bash('report', '')).toEqual(['risky', 'detections'])
    expect(await bash('help', 'dead-letters', 's')).toEqual(['show'])
  })

  it('offers all options of every command, and no other', async () => {
    for (const { name, options } of await allCommands()) {
      const offered = await bash(...name.split(' '), '--')
      expect([name, offered]).toEqual([name, [...Object.keys(options).map((o) => `--${o}`), '--help']])
    }
  })

  it.each([
    [
      ['replay', '--sink', ''],
      ['log-analytics', 'event-hub', 'webhook'],
    ],
    [['replay', '--sink', '=', 'w'], ['webhook']],
    [
      ['replay', '--category', 'Risky'],
      ['RiskyServicePrincipals', 'RiskyAgents', 'RiskyUsers'],
    ],
    [['dead-letters', 'list', '--code', 'bodyNotJ'], ['bodyNotJson']],
    [['status', '--settings', 'sett'], ['settings.json']],
    [['send', 'sett'], ['settings.json']],
    [['completion', 'p'], ['pwsh']],
    [['trace', ''], []],
    [['replay', '--from', ''], []],
    [['frobnicate', '-'], []],
  ])('offers for %j what can be meant', async (words, offered) => {
    const found = await bash(...words)
    expect(found).toEqual(offered)
  })
})

const HARNESS_IN_ZSH = `
compdef() { : }
_arguments() { print -rl -- "$CURRENT \${words[*]}" "$@" }
_describe() { print -rl -- "\${(@P)2}" }
source ./completion.zsh
words=("$@")
CURRENT=$#words
_risk-export
`

/** What the script gives to zsh's own functions for the last of some words. */
async function zsh(...words: string[]): Promise<readonly string[]> {
  const args = ['-f', '-c', HARNESS_IN_ZSH, 'zsh', 'risk-export', ...words]
  const { stdout } = await run('zsh', args, { cwd: folder })
  return stdout.split('\n').filter((line) => line !== '')
}

describe.runIf(has('zsh'))('completion in zsh', () => {
  it('describes every command, and the second words of those that have two', async () => {
    const top = (await zsh('')).map((line) => line.split(':')[0])
    for (const [name] of COMMANDS) expect(top).toContain(name.split(' ')[0])
    expect((await zsh('dead-letters', '')).map((line) => line.split(':')[0])).toEqual([
      'list',
      'show',
      'retry',
      'discard',
    ])
  })

  it('gives the options of a command, with the words that its own name is not one of', async () => {
    const [where, ...specs] = await zsh('dead-letters', 'list', '--sink', '')
    expect(where).toBe('3 list --sink ')
    expect(specs).toContainEqual(
      expect.stringMatching(
        /^\*--sink=\[only of this sink\\: .*\]:value:\(log-analytics event-hub webhook records\)$/,
      ),
    )
    expect(specs).toContain('*--limit=[maximum number to show (default 50)]:value:')
    expect((await zsh('send', '')).at(-1)).toBe('*:word:_files')
    expect((await zsh('help', 'status', '--w'))[0]).toBe('2 status --w')
  })
})

/** Answers lines on stdin, one each, with what PowerShell offers at the end of it. */
const HARNESS_IN_PWSH = `
Get-Content -Raw ./completion.pwsh | Invoke-Expression
foreach ($line in $input) {
  $found = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)
  ConvertTo-Json -Compress @($found.CompletionMatches | ForEach-Object CompletionText)
}
`

/** What PowerShell offers at the end of each of some lines. */
function pwsh(lines: readonly string[]): readonly (readonly string[])[] {
  const args = ['-NoProfile', '-NonInteractive', '-Command', HARNESS_IN_PWSH]
  const { stdout, stderr } = spawnSync('pwsh', args, {
    cwd: folder,
    input: lines.map((line) => `risk-export ${line}\n`).join(''),
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe.runIf(has('pwsh'))('completion in PowerShell', () => {
  it('offers all options of every command, and no other', { timeout: 60_000 }, async () => {
    const commands = await allCommands()
    const offered = pwsh(commands.map(({ name }) => `${name} --`))
    for (const [i, { name, options }] of commands.entries())
      expect([name, offered[i]]).toEqual([name, [...Object.keys(options).map((o) => `--${o}`), '--help']])
  })

  it('offers commands, values, and what follows an equals sign', { timeout: 60_000 }, () => {
    const expected = {
      'dead-letters ': ['list', 'show', 'retry', 'discard'],
      st: ['status'],
      '--': ['--help', '--version'],
      'help re': ['replay'],
      'help dead-letters s': ['show'],
      'help status -': [],
      'replay --sink ': ['log-analytics', 'event-hub', 'webhook'],
      'replay --sink=w': ['--sink=webhook'],
      'replay --category Risky': ['RiskyServicePrincipals', 'RiskyAgents', 'RiskyUsers'],
      'dead-letters list --code bodyNotJ': ['bodyNotJson'],
      'completion p': ['pwsh'],
      'status --settings sett': ['./settings.json'],
      'send [': [],
      'frobnicate -': [],
    }
    const lines = Object.keys(expected)
    const offered = pwsh(lines)
    expect(Object.fromEntries(lines.map((line, i) => [line, offered[i]]))).toEqual(expected)
  })
})

describe('completion', () => {
  it.each(SHELLS)('for %s names every command, option and choice that is declared', async (shell) => {
    const { code, stdout, stderr } = await cli(['completion', shell])
    expect([code, stderr]).toEqual([0, ''])
    for (const { name, options, operand } of await allCommands()) {
      const words = Object.entries(options).flatMap(([o, { choices = [] }]) => [`--${o}`, ...choices])
      const operands = typeof operand === 'object' ? operand.choices : []
      const missing = [...name.split(' '), ...words, ...operands].filter((word) => !stdout.includes(word))
      expect([name, missing]).toEqual([name, []])
    }
  })

  it.each([[], ['fish'], ['toString'], ['bash', 'zsh']])('is refused for %j', async (...words) => {
    const { code, stdout, stderr } = await cli(['completion', ...words.flat()])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('bash, zsh, pwsh')
  })
})
