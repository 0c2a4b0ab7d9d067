import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { createLogFile, type LogFile, openLogFile } from '../../../../local/emulators/event-hubs/log-file.ts'
import { encodeFrame, frameHeadBytes } from '../../../../local/emulators/event-hubs/log-frame.ts'
import { logHeaderBytes } from '../../../../local/emulators/event-hubs/log-header.ts'

const header = { createdAtMs: 1_700_000_000_123, enqueuedFloorMs: 5 }

function temporaryPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'event-log-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, '0.log')
}

const contentsOf = (file: LogFile): readonly Buffer[] => {
  let offset = 0
  return file.entries.map(({ messageBytes }) => {
    const message = file.readMessage(offset, messageBytes)
    offset += frameHeadBytes + messageBytes
    return message
  })
}

const anyMessages = fc.array(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  { minLength: 1, maxLength: 12 },
)

test('what is appended over any number of openings is what the next one finds', () => {
  const path = temporaryPath()
  fc.assert(
    fc.property(fc.array(anyMessages, { maxLength: 4 }), (openings) => {
      rmSync(path, { force: true })
      createLogFile(path, header)
      const written: Buffer[] = []
      for (const messages of openings) {
        const file = openLogFile(path)
        expect(contentsOf(file)).toEqual(written)
        file.append(Buffer.concat(messages.map((one, at) => encodeFrame(written.length + at, 7.5, one))))
        written.push(...messages)
        file.close()
      }
      const file = openLogFile(path)
      expect(contentsOf(file)).toEqual(written)
      expect(file).toMatchObject({ header, tornBytes: 0 })
      expect(
        file.entries.every((entry, at) => entry.sequenceNumber === at && entry.enqueuedAtMs === 7.5),
      ).toBe(true)
      file.close()
    }),
    { numRuns: 40 },
  )
})

test('a byte that has changed costs the messages from there on, and never gives a wrong one', () => {
  const path = temporaryPath()
  fc.assert(
    fc.property(anyMessages, fc.nat(), fc.integer({ min: 1, max: 255 }), (messages, where, change) => {
      rmSync(path, { force: true })
      createLogFile(path, header)
      const file = openLogFile(path)
      file.append(Buffer.concat(messages.map((one, at) => encodeFrame(at, 1, one))))
      file.close()
      const bytes = readFileSync(path)
      const at = logHeaderBytes + (where % (bytes.length - logHeaderBytes))
      bytes.writeUInt8(bytes.readUInt8(at) ^ change, at)
      writeFileSync(path, bytes)
      const opened = openLogFile(path)
      const found = contentsOf(opened)
      opened.close()
      expect(found.length).toBeLessThan(messages.length)
      expect(found).toEqual(messages.slice(0, found.length))
      expect(statSync(path).size).toBe(bytes.length - opened.tornBytes)
    }),
    { numRuns: 60 },
  )
})

test('a closed log neither writes nor reads', () => {
  const path = temporaryPath()
  createLogFile(path, header)
  const file = openLogFile(path)
  file.append(encodeFrame(0, 1, Buffer.from('x')))
  file.close()
  file.close()
  expect(() => file.append(encodeFrame(1, 1, Buffer.from('y')))).toThrow(/is closed/)
  expect(() => file.readMessage(0, 1)).toThrow(/is closed/)
})

test('a log is not made where one is', () => {
  const path = temporaryPath()
  createLogFile(path, header)
  expect(() => createLogFile(path, header)).toThrow(/EEXIST/)
})
