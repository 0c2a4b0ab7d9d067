import { describe, expect, it } from 'vitest'
import { parseBenchOptions, USAGE } from '../../../../local/checks/bench/bench-options.ts'

describe('options of the bench', () => {
  it('measure everything unless told otherwise', () => {
    expect(parseBenchOptions([]).parts).toEqual(['handler', 'delivery', 'drain'])
  })

  it('measure only the parts that are named', () => {
    expect(parseBenchOptions(['--handler']).parts).toEqual(['handler'])
    expect(parseBenchOptions(['--drain', '--quick'])).toMatchObject({ parts: ['drain'], quick: true })
    expect(parseBenchOptions(['--drain', '--handler']).parts).toEqual(['handler', 'drain'])
  })

  it('name other versions of Node.js', () => {
    expect(parseBenchOptions(['--node', '/n22/node', '--node', '/n24/node']).otherNodes).toEqual([
      '/n22/node',
      '/n24/node',
    ])
  })

  it('are refused if they do not exist, rather than run for minutes as if they were not there', () => {
    expect(() => parseBenchOptions(['--quik'])).toThrow("Unknown option '--quik'")
  })

  it('are all explained', () => {
    for (const option of ['quick', 'handler', 'drain', 'node', 'json', 'help'])
      expect(USAGE).toContain(`--${option}`)
  })
})
