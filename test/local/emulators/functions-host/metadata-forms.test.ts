import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RpcData } from '../../../../local/emulators/functions-host/core/rpc-data.ts'
import { batchInput } from '../../../../local/emulators/functions-host/event-hub/batch-input.ts'
import { type FunctionApp, loadFunctionApp } from '../../../../local/emulators/functions-host/function-app.ts'
import type { TriggerBatch } from '../../../../shared/domain/message-without-position.ts'
import { parseTrigger } from '../../../../shared/source/parse-trigger.ts'
import { handlers } from '../../../support/function-host-app/handlers.ts'
import { buildFunctionApp } from '../../../support/function-host-app-build.ts'

let appDirectory: string
let app: FunctionApp
beforeAll(async () => {
  appDirectory = await buildFunctionApp(['event-hub'])
  app = await loadFunctionApp({ appDirectory, environment: {}, log: () => undefined })
})
afterAll(async () => {
  await app.terminate()
  await rm(appDirectory, { recursive: true })
})

const AT = Date.UTC(2026, 10, 21, 1, 2, 3, 450)
const PARTITION = {
  fullyQualifiedNamespace: 'ns.servicebus.windows.net',
  eventHubName: 'hub',
  consumerGroup: '$Default',
  partitionId: '3',
}
const INPUT = batchInput(
  [7, 8].map((n) => ({
    body: Buffer.from(`body ${n}`),
    sequenceNumber: n,
    offset: String(n * 100),
    enqueuedAtMs: AT + n,
  })),
  PARTITION,
  true,
  undefined,
)
const json = (value: unknown): RpcData => ({ json: JSON.stringify(value) })
const texts = (...values: readonly unknown[]): RpcData => ({
  collectionString: {
    string: values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  },
})
const times = (end: string) => [457, 458].map((ms) => `2026-11-21T01:02:03.${ms}${end}`)

/**
 * What the program makes of a batch that the host hands over so, by way of Microsoft's own library.
 */
async function read(changes: Readonly<Record<string, RpcData | undefined>>): Promise<TriggerBatch> {
  const registered = app.core.functions.get('held')
  if (registered === undefined) throw new Error('The app has no function "held".')
  let batch: TriggerBatch | undefined
  handlers().held = (messages, context) => {
    batch = parseTrigger(messages, context.triggerMetadata)
  }
  const all = Object.entries({ ...INPUT.triggerMetadata, ...changes })
  const triggerMetadata = Object.fromEntries(
    all.filter((entry): entry is [string, RpcData] => entry[1] !== undefined),
  )
  const outcome = await app.run(registered, { ...INPUT, triggerMetadata })
  if (!outcome.ok) throw outcome.error
  return batch ?? { messages: [], withoutPosition: [] }
}

const system = [7, 8].map((n) => ({
  SequenceNumber: n,
  OffsetString: String(n * 100),
  EnqueuedTimeUtc: times('')[n - 7],
}))

describe('the places of a batch are read in whatever form the host sends them:', () => {
  it.each<readonly [string, Readonly<Record<string, RpcData | undefined>>]>([
    ['as it is known to', {}],
    ['numbers as JSON', { SequenceNumberArray: json([7, 8]) }],
    ['numbers as texts', { SequenceNumberArray: texts('7', '8') }],
    ['numbers as texts in JSON', { SequenceNumberArray: json(['7', '8']) }],
    ['times as texts without a zone', { EnqueuedTimeUtcArray: texts(...times('')) }],
    ['times with Z', { EnqueuedTimeUtcArray: json(times('Z')) }],
    ['times with an offset', { EnqueuedTimeUtcArray: json(times('+00:00')) }],
    ['system properties as texts', { SystemPropertiesArray: texts(...system) }],
    ['the partition as a text', { PartitionContext: { string: JSON.stringify(PARTITION) } }],
    ['no partition but that of the trigger', { PartitionContext: undefined }],
    ['no numbers', { SequenceNumberArray: undefined }],
    ['no times', { EnqueuedTimeUtcArray: undefined }],
    ['no offsets', { OffsetArray: undefined, OffsetStringArray: undefined }],
    ['no system properties', { SystemPropertiesArray: undefined }],
    [
      'nothing but system properties',
      {
        SequenceNumberArray: undefined,
        EnqueuedTimeUtcArray: undefined,
        OffsetArray: undefined,
        OffsetStringArray: undefined,
        PropertiesArray: undefined,
        PartitionKeyArray: undefined,
      },
    ],
    [
      'nothing but numbers and times',
      {
        SystemPropertiesArray: undefined,
        OffsetArray: undefined,
        OffsetStringArray: undefined,
        PropertiesArray: undefined,
        PartitionKeyArray: undefined,
      },
    ],
  ])('%s', async (_, changes) => {
    const { messages, withoutPosition } = await read(changes)
    expect(withoutPosition).toEqual([])
    expect(
      messages.map(({ position, body }) => [
        position.partition,
        position.sequenceNumber,
        position.enqueuedAt,
        String(body),
      ]),
    ).toEqual([
      ['3', 7, AT + 7, 'body 7'],
      ['3', 8, AT + 8, 'body 8'],
    ])
  })
})
