import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ReceivedEventData } from '@azure/event-hubs'
import { describe, expect, it } from 'vitest'
import { matchFiles } from '../../../../local/emulators/functions-host/app/match-files.ts'
import { parsePackageMain } from '../../../../local/emulators/functions-host/app/parse-package-main.ts'
import { connectionString, resolveSettings } from '../../../../local/emulators/functions-host/app-settings.ts'
import { parseReceivedEvent } from '../../../../local/emulators/functions-host/event-hub/parse-received-event.ts'
import { matchRoute, parseRoute } from '../../../../local/emulators/functions-host/http/route.ts'
import { parseHostJson } from '../../../../local/emulators/functions-host/parse-host-json.ts'
import { parseTrigger } from '../../../../local/emulators/functions-host/parse-trigger.ts'

describe('main of package.json', () => {
  it.each([
    ['dist/functions/*.js', ['dist/functions/a.js', 'dist/functions/b.js']],
    ['./dist/{index.js,functions/*.js}', ['dist/functions/a.js', 'dist/functions/b.js', 'dist/index.js']],
    [
      'dist/**/*.js',
      ['dist/functions/a.js', 'dist/functions/b.js', 'dist/functions/deep/c.js', 'dist/index.js'],
    ],
    ['dist/index.js', ['dist/index.js']],
    ['other/*.js', []],
  ])('"%s" means the files %j', async (glob, expected) => {
    const folder = await mkdtemp(join(tmpdir(), 'match-files-'))
    const files = [
      'index.js',
      'functions/a.js',
      'functions/b.js',
      'functions/b.js.map',
      'functions/deep/c.js',
    ]
    for (const file of [...files.map((name) => `dist/${name}`), 'dist/node_modules/x/d.js', 'src/e.js']) {
      await mkdir(dirname(join(folder, file)), { recursive: true })
      await writeFile(join(folder, file), '')
    }
    expect(await matchFiles(folder, glob)).toEqual(expected)
    await rm(folder, { recursive: true })
  })

  it('must be there', () => {
    expect(() => parsePackageMain('{"name":"app"}', 'package.json')).toThrow('package.json has no "main".')
  })
})

describe('app settings', () => {
  it('are put in for %NAME%', () => {
    expect(resolveSettings('%A%-%B%-100%', { A: 'x', B: 'y' }, 'It')).toBe('x-y-100%')
    expect(() => resolveSettings('%C%', {}, 'It')).toThrow('It needs the app setting C, which is not set.')
  })

  it('hold connections under their own name or with AzureWebJobs before it', () => {
    expect(connectionString({ Hub: 'a' }, 'Hub', 'It')).toBe('a')
    expect(connectionString({ Hub: 'a', AzureWebJobsHub: 'b' }, 'Hub', 'It')).toBe('b')
    expect(connectionString({ AzureWebJobsStorage: 'c' }, undefined, 'It')).toBe('c')
  })
})

describe('host.json', () => {
  it('has the defaults of the Functions host', () => {
    expect(parseHostJson('{"version":"2.0"}')).toEqual({
      eventHubs: {
        maxEventBatchSize: 100,
        prefetchCount: 300,
        batchCheckpointFrequency: 1,
        enableCheckpointing: true,
        initialOffset: { type: 'fromStart' },
      },
      queues: {
        batchSize: 16,
        newBatchThreshold: 8,
        maxDequeueCount: 5,
        visibilityTimeoutMs: 0,
        maxPollingIntervalMs: 60_000,
        messageEncoding: 'base64',
      },
      http: { routePrefix: 'api' },
      logLevels: {},
    })
  })

  it('is read with its time spans and choices', () => {
    const eventHubs = {
      initialOffsetOptions: { type: 'fromEnqueuedTime', enqueuedTimeUtc: '2026-01-01T00:00:00Z' },
      enableCheckpointing: false,
    }
    const queues = { visibilityTimeout: '1.02:03:04.5', messageEncoding: 'none' }
    const read = parseHostJson(
      JSON.stringify({ extensions: { eventHubs, queues, http: { routePrefix: '' } } }),
    )
    expect(read.eventHubs).toMatchObject({
      initialOffset: { type: 'fromEnqueuedTime', enqueuedTimeUtc: '2026-01-01T00:00:00Z' },
      enableCheckpointing: false,
    })
    expect(read.queues).toMatchObject({ visibilityTimeoutMs: 93_784_500, messageEncoding: 'none' })
    expect(read.http.routePrefix).toBe('')
  })

  it('gives way to app settings', () => {
    const settings = {
      AzureFunctionsJobHost__extensions__eventhubs__MaxEventBatchSize: '1',
      AzureFunctionsJobHost__logging__logLevel__default: 'Error',
    }
    const read = parseHostJson(
      '{"extensions":{"eventHubs":{"maxEventBatchSize":9,"prefetchCount":8}}}',
      settings,
    )
    expect(read.eventHubs).toMatchObject({ maxEventBatchSize: 1, prefetchCount: 8 })
    expect(read.logLevels).toEqual({ default: 'error' })
  })

  it.each([
    [{ queues: { visibilityTimeout: '30' } }, 'visibilityTimeout must be a time span'],
    [{ queues: { batchSize: 'four' } }, 'batchSize must be a number'],
    [{ queues: { messageEncoding: 1 } }, 'messageEncoding must be a string'],
    [{ eventHubs: { initialOffsetOptions: { type: 'middle' } } }, 'initialOffsetOptions.type must be'],
  ])('is refused with %j', (extensions, message) => {
    expect(() => parseHostJson(JSON.stringify({ extensions }))).toThrow(message)
  })
})

describe('a trigger', () => {
  const hub = {
    type: 'eventHubTrigger',
    cardinality: 'many',
    dataType: 'binary',
    eventHubName: 'h',
    connection: 'C',
  }
  it.each([
    [{ trigger: { ...hub, dataType: 'string' } }, 'must have cardinality "many" and dataType "binary"'],
    [{ trigger: { ...hub, cardinality: 'one' } }, 'must have cardinality "many" and dataType "binary"'],
    [{ trigger: { type: 'blobTrigger' } }, 'has a blobTrigger, which the local host does not run'],
    [{ trigger: hub, extra: { type: 'queue', direction: 'out' as const } }, 'has input or output bindings'],
    [{ out: { type: 'queue', direction: 'out' as const } }, 'has no trigger'],
  ])('that the local host would run otherwise than Azure is refused: %#', (bindings, message) => {
    expect(() => parseTrigger({ name: 'f', bindings })).toThrow(message)
  })
})

describe('a route', () => {
  it.each([
    ['/api/open', 'api/open', {}],
    ['/API/Open/', 'api/open', {}],
    ['/api/a%2Fb', 'api/{id}', { id: 'a/b' }],
    ['/api/files/x/y.z', 'api/files/{*path}', { path: 'x/y.z' }],
    ['/api/v1.0', 'api/v1.0', {}],
    ['/api/a', 'api/{id}/{part?}', { id: 'a' }],
    ['/api/v1x0', 'api/v1.0', undefined],
    ['/api', 'api/{id}', undefined],
    ['/api/%', 'api/{id}', { id: '%' }],
  ])('%s against "%s" gives %j', (path, template, parameters) => {
    expect(matchRoute(parseRoute(template), path)).toEqual(parameters)
  })

  it('with a constraint is refused', () => {
    expect(() => parseRoute('api/{id:int}')).toThrow('which the local host cannot match')
  })
})

describe('a received event', () => {
  const event = (body: unknown, bodyType: 'data' | 'value' | 'sequence'): ReceivedEventData => ({
    body,
    enqueuedTimeUtc: new Date(5),
    partitionKey: null,
    offset: '12',
    sequenceNumber: 3,
    properties: { bytes: Buffer.from('x'), at: new Date(0), list: [1n, undefined], deep: { a: true } },
    getRawAmqpMessage: () => ({ body, bodyType }),
  })

  it.each([
    ['bytes', Buffer.from([0xff, 0]), 'data' as const, Buffer.from([0xff, 0])],
    ['no bytes', null, 'data' as const, Buffer.alloc(0)],
    ['several data sections', [Buffer.from('a'), Buffer.from('b')], 'data' as const, Buffer.from('ab')],
  ])('has %s', (_, body, section, bytes) => {
    expect(Buffer.from(parseReceivedEvent(event(body, section))?.body ?? '?')).toEqual(bytes)
  })

  it.each([
    ['a value', { a: 1 }, 'value' as const],
    ['a value of bytes', Buffer.from('a'), 'value' as const],
    ['a sequence', [1, 'b'], 'sequence' as const],
  ])('is none that the host can hand over if its body is %s', (_, body, section) => {
    expect(parseReceivedEvent(event(body, section))).toBeUndefined()
  })

  it('keeps what JSON can say of its properties', () => {
    expect(parseReceivedEvent(event(Buffer.alloc(0), 'data'))).toMatchObject({
      sequenceNumber: 3,
      offset: '12',
      enqueuedAtMs: 5,
      properties: { bytes: 'eA==', at: '1970-01-01T00:00:00.000Z', list: [1, null], deep: { a: true } },
    })
  })
})
