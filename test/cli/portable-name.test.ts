import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPortable, portableName, portablePath } from '../../cli/portable-name.ts'
import { blobName } from '../../shared/archive/blob-name.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import {
  checkpointName,
  commitName,
  keyPemName,
  timestampName,
  verifierKeyName,
} from '../../shared/evidence/log-layout.ts'
import { tilePath } from '../../shared/evidence/tiles.ts'
import { positionOf } from '../support/archive-lines.ts'

/** As [Windows](https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file) wants it. */
const isLegal = (name: string): boolean =>
  name !== '' &&
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are illegal.
  !/[<>:"/\\|?*\u0000-\u001f]|[. ]$/.test(name) &&
  !/^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?$/i.test(name)

const hubName = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,48}[A-Za-z0-9])?$/)

describe('the name of a file for a part of the name of a blob', () => {
  it('is legal on Windows, whatever somebody wrote into the archive', () => {
    const part = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom(
        '..',
        '.',
        'con',
        'NUL.txt',
        'com1',
        'a:b',
        'a\\b',
        '..\\..\\x',
        'x.',
        'x ',
        '%',
        'a\u0000',
      ),
    )
    fc.assert(
      fc.property(part, (text) => {
        expect(portableName(text)).toSatisfy(isLegal)
      }),
    )
  })

  it('differs where the parts differ', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '%', '3', 'A', ':', '.', ' ', 'c', 'o', 'n') })
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(portableName(a) === portableName(b)).toBe(a === b)
      }),
      {
        examples: [
          ['con', '%63on'],
          ['a:', 'a%3A'],
        ],
      },
    )
  })

  it('never leads out of its folder', () => {
    expect(portablePath('v1/../..\\..\\x/../y')).toBe('v1/.%2E/..%5C..%5Cx/.%2E/y')
  })
})

describe('names in a downloaded copy', () => {
  it('are legal on Windows for every blob of the archive', () => {
    fc.assert(
      fc.property(hubName, hubName, fc.nat(), (host, hub, sequenceNumber) => {
        const namespace = `${host}.servicebus.windows.net`
        fc.pre([namespace, hub].every(isPortable))
        const first = positionOf(sequenceNumber, {
          namespace,
          hub,
          enqueuedAt: instant(sequenceNumber * 1e3),
        })
        const name = blobName({ first, lastSequenceNumber: sequenceNumber, contentHash: 'ab'.repeat(32) })
        for (const part of name.split('/')) expect(part).toSatisfy(isLegal)
      }),
    )
  })

  it('are legal on Windows for everything in the log', () => {
    const key = Buffer.from('a key')
    const names = [
      commitName(70_000),
      checkpointName(70_000),
      timestampName(70_000),
      keyPemName(key),
      verifierKeyName(key),
      tilePath({ level: 0, index: 1_234_067, width: 256 }),
      tilePath({ level: 'entries', index: 273, width: 112 }),
    ]
    for (const part of names.flatMap((name) => name.split('/'))) expect(part).toSatisfy(isLegal)
  })
})
