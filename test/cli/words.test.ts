import { chmod, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../cli/commands.ts'
import { EXIT } from '../../cli/exit-codes.ts'
import { appNamedBy, readOptions } from '../../cli/read-options.ts'
import { utf8Of } from '../../cli/read-text.ts'
import { plain } from '../../cli/text/plain.ts'
import { suggestFor } from '../../cli/text/suggest.ts'
import { table } from '../../cli/text/table.ts'
import { wrap } from '../../cli/text/wrap.ts'
import { timeArgument } from '../../cli/time-argument.ts'
import { writeConnectionFile } from '../../local/stack/connection-file.ts'
import { parseSettingsFile } from '../../shared/config/parse-settings-file.ts'
import { duration } from '../../shared/domain/duration.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { cli, newFolder } from './cli-under-test.ts'

const NOW = instant(Date.UTC(2026, 2, 1, 10))

describe('help', () => {
  it('lists every command', async () => {
    const { code, stdout } = await cli(['--help'])
    expect(code).toBe(0)
    await expect(stdout).toMatchFileSnapshot('../golden/cli/help.txt')
  })

  it.each(COMMANDS.map(([name]) => name))('%s --help says what it knows', async (name) => {
    const { code, stdout } = await cli([...name.split(' '), '--help'])
    expect(code).toBe(0)
    await expect(stdout).toMatchFileSnapshot(`../golden/cli/help-${name.replace(' ', '-')}.txt`)
  })

  it.each(COMMANDS.map(([name, load]) => [name, load] as const))(
    '%s --help has examples that it understands',
    async (name, load) => {
      const { examples, options } = await load()
      for (const [words] of examples) {
        expect(words.startsWith(`${name} `), words).toBe(true)
        // As a shell takes it apart, up to where the output goes.
        const args = [
          ...words
            .slice(name.length)
            .replace(/ >.*/, '')
            .matchAll(/'([^']*)'|(\S+)/g),
        ]
        expect(() =>
          readOptions(
            args.map(([, quoted, word]) => quoted ?? word ?? ''),
            options,
          ),
        ).not.toThrow()
      }
    },
  )

  it('goes to stderr where no command was given', async () => {
    const { code, stdout, stderr } = await cli([])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('dead-letters retry')
  })

  it('is offered for a command that is none', async () => {
    const { code, stderr } = await cli(['statsu'])
    expect([code, stderr]).toEqual([
      2,
      'There is no command "statsu". Did you mean status? Use --help for usage.\n',
    ])
    expect((await cli(['frobnicate'])).stderr).toBe(
      'There is no command "frobnicate". Use --help for usage.\n',
    )
  })

  it('of a command is the same by help COMMAND', async () => {
    expect(await cli(['help', 'dead-letters', 'retry'])).toEqual(
      await cli(['dead-letters', 'retry', '--help']),
    )
  })

  it('says the version by a word too', async () => {
    expect(await cli(['version'])).toEqual(await cli(['--version']))
  })
})

describe('a time', () => {
  it.each([
    ['now', NOW],
    ['90m', NOW - 90 * 60_000],
    ['7d', NOW - 7 * 86_400_000],
    ['2026-03-01', Date.UTC(2026, 2, 1)],
    ['2026-03-01T09:30', Date.UTC(2026, 2, 1, 9, 30)],
    ['2026-03-01T09:30:15.25Z', Date.UTC(2026, 2, 1, 9, 30, 15, 250)],
    ['2026-03-01T09:30+02:00', Date.UTC(2026, 2, 1, 7, 30)],
  ])('%s is understood, in UTC where it names no zone', (text, ms) => {
    expect(timeArgument(text, 'from', NOW)).toBe(ms)
  })

  it.each(['', 'tomorrow', '2026-13-01', '3/1/2026', '1w', '-1h', '2026-03-01 09:30', '2026-03-01Z'])(
    '%j is refused',
    (text) => {
      expect(() => timeArgument(text, 'from', NOW)).toThrow('--from: expected a valid time')
    },
  )
})

describe('text', () => {
  it('stands in aligned columns, whatever its colours, without space at the end', () => {
    const rows = [
      ['A', 'COUNT', 'B'],
      ['\u001b[31mred\u001b[39m', '7', ''],
    ]
    expect(table(rows, new Set([1]))).toEqual(['A    COUNT  B', '\u001b[31mred\u001b[39m      7'])
  })

  it('of a record cannot steer the terminal, and is cut', () => {
    expect(plain('a\u001b[2Jb\n\u202ec\u2028')).toBe('a\u{fffd}[2Jb\u{fffd}\u{fffd}c\u{fffd}')
    expect(plain('x'.repeat(300))).toHaveLength(201)
  })

  it('is wrapped between words, to no more columns than the terminal has, and loses none', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 })
    fc.assert(
      fc.property(words, fc.integer({ min: 14, max: 60 }), (text, columns) => {
        const lines = wrap(text.join(' '), columns, '  ')
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns)
        for (const line of lines.slice(1)) expect(line).toMatch(/^ {2}\S/)
        expect(lines.map((line) => line.trim()).join(' ')).toBe(text.join(' '))
        expect(wrap(text.join(' '), undefined, '  ')).toEqual([text.join(' ')])
      }),
    )
  })

  it.each([
    [-5, '0 s'],
    [999, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [7_200_000, '2 h'],
    [200_000_000, '2 d'],
  ])('of %i ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })
})

describe('a suggested command', () => {
  it('is about the app that was asked about, in words that a shell takes as they are', () => {
    const suggested = suggestFor({ local: false, settings: "it's mine.json" })('status', '--json')
    expect(suggested).toBe("risk-export status --json --settings 'it'\\''s mine.json'")
    expect(suggestFor({ local: true })('doctor')).toBe('risk-export doctor --local')
  })

  it('is so where nothing else was understood', () => {
    expect(appNamedBy(['x', '--settings', 's.json', '--sink'])).toEqual({ local: false, settings: 's.json' })
    expect(appNamedBy(['x', '--local', '--nonsense'])).toEqual({ local: true })
  })
})

describe('a settings file', () => {
  it.each([
    ['UTF-8 with a mark', Buffer.from('\ufeff{}')],
    ['UTF-16, as Windows PowerShell writes it', Buffer.from('\ufeff{}', 'utf16le')],
    ['UTF-16, the other way round', Buffer.from('\ufeff{}', 'utf16le').swap16()],
  ])('may be %s', async (_, content) => {
    const path = join(await newFolder(), 'settings.json')
    await writeFile(path, content)
    const { stderr } = await cli(['status', '--settings', path])
    expect(stderr).toContain('Reading app settings failed:')
    expect(utf8Of(content).toString()).toBe('{}')
  })

  it.each([
    ['local.settings.json', '{"IsEncrypted":false,"Values":{"A":"1"}}'],
    ['what az prints', '[{"name":"A","slotSetting":false,"value":"1"}]'],
    ['an object of texts', '{"A":"1"}'],
  ])('may be %s', (_, text) => {
    expect(parseSettingsFile(text)).toEqual({ A: '1' })
  })

  it('that is not there, or is none, cannot be used', async () => {
    const folder = await newFolder()
    const path = join(folder, 'settings.json')
    const read = () => cli(['status', '--settings', path])
    expect((await read()).stderr).toContain('file not found or not readable')
    await writeFile(path, 'A=1')
    const { code, stderr } = await read()
    expect(code).toBe(3)
    expect(stderr).toContain('expected JSON: local.settings.json')
  })

  it.each(['', 'null', '7', '[1]', '{"A":1}', '{"Values":7}', '[{"name":"A"}]'])('may not be %j', (text) => {
    expect(parseSettingsFile(text)).toBeUndefined()
  })
})

describe('--local', () => {
  const status = (temporaryFolder: string, isAlive = () => true) =>
    cli(['status', '--local'], { temporaryFolder, isAlive })

  it('finds a stack only while it runs', async () => {
    const folder = await newFolder()
    const connection = await writeConnectionFile({ ENTRA_TENANT_ID: 'x' }, folder, 4711)
    // Found: what is wrong is in the settings.
    expect((await status(folder)).stderr).toContain('ENTRA_TENANT_ID: expected a GUID')
    expect((await status(folder, () => false)).stderr).toContain('No embedded stack is running')
    await connection.remove()
    expect((await status(folder)).stderr).toContain('No embedded stack is running')
  })

  it('leaves the file of a stack that was started later', async () => {
    const folder = await newFolder()
    const first = await writeConnectionFile({}, folder, 1)
    await writeConnectionFile({}, folder, 2)
    await first.remove()
    expect((await status(folder)).stderr).toContain('EVENT_HUB_NAME is not set')
  })

  it('trusts no file that others could have written', async () => {
    const folder = await newFolder()
    const { path } = await writeConnectionFile({}, folder, 1)
    await chmod(path, 0o644)
    expect((await status(folder)).stderr).toContain('the file is accessible to other users')
    await rm(path)
    const elsewhere = join(folder, 'elsewhere.json')
    await writeFile(elsewhere, '{"v":1,"pid":1,"environment":{}}', { mode: 0o600 })
    await symlink(elsewhere, path)
    expect((await status(folder)).stderr).toContain('the file is accessible to other users')
  })

  it('does not go with --settings', async () => {
    const { code, stderr } = await cli(['status', '--local', '--settings', 'x.json'])
    expect([code, stderr]).toEqual([
      2,
      '--local and --settings: use one or the other. Use --help for usage.\n',
    ])
  })
})

const page = () => readFile('docs/cli.md', 'utf8')

describe('docs/cli.md', () => {
  it('shows the help as it is', async () => {
    expect(await page()).toContain((await cli(['--help'])).stdout)
  })

  it('names every option of every command, and every exit code', async () => {
    const text = await page()
    for (const [name, load] of COMMANDS) {
      const { options } = await load()
      const missing = Object.keys(options).filter((option) => !text.includes(`--${option}`))
      expect([name, missing]).toEqual([name, []])
    }
    for (const code of Object.values(EXIT)) expect(text).toContain(String(code))
  })
})
