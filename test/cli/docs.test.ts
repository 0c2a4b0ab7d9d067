import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../cli/commands.ts'
import { EXIT } from '../../cli/exit-codes.ts'
import { cli } from './cli-under-test.ts'

const page = () => readFile('docs/cli.md', 'utf8')

describe('docs/cli.md', () => {
  it('shows the help as it is', async () => {
    expect(await page()).toContain((await cli(['--help'])).stdout)
  })

  it('names every option of every command, and every exit code', async () => {
    const text = await page()
    for (const [name, load] of COMMANDS) {
      const { usage } = await load()
      const missing = (usage.match(/--[a-z-]+/g) ?? []).filter((option) => !text.includes(option))
      expect([name, missing]).toEqual([name, []])
    }
    for (const code of Object.values(EXIT)) expect(text).toContain(String(code))
  })
})
