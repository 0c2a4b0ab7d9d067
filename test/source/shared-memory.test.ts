import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { buildChunk } from '../../shared/archive/chunk.ts'
import type { ReadMessage } from '../../shared/domain/read-message.ts'
import { eventMemory } from '../../shared/source/event-memory.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { asObject, jsonOf } from '../support/event-forms.ts'
import { messageOf, settings } from './reading-under-test.ts'

const GOLDENS = 'test/golden/normalise'
const bodies = readdirSync(GOLDENS)
  .filter((name) => name.endsWith('.json') && !name.endsWith('.expected.json'))
  .map((name) => readFileSync(`${GOLDENS}/${name}`))

const told = (read: ReadMessage) =>
  read.status === 'split'
    ? read.records.map(({ ordinal, digest, reading }) => ({
        ordinal,
        digest: digest(),
        ...asObject(reading),
      }))
    : read.fault

test('a message that is cut off at any byte is read as it is alone, whatever else its memory holds', () => {
  const body = readFileSync(`${GOLDENS}/detection-leaked-credentials.json`)
  const memory = eventMemory(16)
  for (let end = 0; end <= body.length; end += 1) {
    const cut = messageOf(body.subarray(0, end))
    expect(told(readMessage(cut, settings, memory))).toEqual(told(readMessage(cut, settings)))
    // What comes next in memory goes on where the cut one stopped.
    memory.memory.all(body.subarray(end))
  }
})

test('messages of one memory become the chunk that they become apart', () => {
  const memory = eventMemory(16)
  const together = buildChunk(bodies.map((body) => readMessage(messageOf(body), settings, memory)))
  const apart = buildChunk(bodies.map((body) => readMessage(messageOf(body), settings)))
  expect(together.content.equals(apart.content)).toBe(true)
  expect(together.events.map(jsonOf)).toEqual(apart.events.map(jsonOf))
})
