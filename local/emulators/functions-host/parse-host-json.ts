import type { Settings } from './app/process-environment.ts'
import { LOG_LEVELS, type LogLevel } from './host-log.ts'
import type { LogLevels } from './worker-console.ts'

/** The options of host.json that the local host supports; defaults as in the Functions host. */
export interface HostConfig {
  readonly eventHubs: EventHubsConfig
  readonly queues: QueuesConfig
  readonly http: { readonly routePrefix: string }
  readonly logLevels: LogLevels
}

/**
 * Source:
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-hubs#hostjson-settings
 */
export interface EventHubsConfig {
  readonly maxEventBatchSize: number
  readonly prefetchCount: number
  /** Batches of a partition per checkpoint. */
  readonly batchCheckpointFrequency: number
  readonly enableCheckpointing: boolean
  /** Start position of a partition without a checkpoint. */
  readonly initialOffset:
    | { readonly type: 'fromStart' }
    | { readonly type: 'fromEnd' }
    | { readonly type: 'fromEnqueuedTime'; readonly enqueuedTimeUtc: string }
}

/**
 * Source:
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue#host-json
 */
export interface QueuesConfig {
  readonly batchSize: number
  readonly newBatchThreshold: number
  readonly maxDequeueCount: number
  /** How long a message is invisible after a failure, in milliseconds. */
  readonly visibilityTimeoutMs: number
  readonly maxPollingIntervalMs: number
  readonly messageEncoding: 'base64' | 'none'
}

/**
 * Parses host.json. Throws if a value has the wrong type, or the local host does not support it.
 * @param settings app settings; `AzureFunctionsJobHost__a__b` overrides `a.b`
 */
export function parseHostJson(text: string, settings: Settings = {}): HostConfig {
  const all = overridden(section(JSON.parse(text)), settings)
  const extensions = section(all.extensions)
  const eventHubs = section(extensions.eventHubs)
  const queues = section(extensions.queues)
  if (number(eventHubs, 'minEventBatchSize', 1) > 1) {
    throw new Error(
      'host.json: the local host does not gather batches; set eventHubs.minEventBatchSize to 1.',
    )
  }
  const batchSize = number(queues, 'batchSize', 16)
  return {
    eventHubs: {
      maxEventBatchSize: number(eventHubs, 'maxEventBatchSize', 100),
      prefetchCount: number(eventHubs, 'prefetchCount', 300),
      batchCheckpointFrequency: number(eventHubs, 'batchCheckpointFrequency', 1),
      enableCheckpointing: eventHubs.enableCheckpointing !== false,
      initialOffset: initialOffset(section(eventHubs.initialOffsetOptions)),
    },
    queues: {
      batchSize,
      newBatchThreshold: number(queues, 'newBatchThreshold', Math.floor(batchSize / 2)),
      maxDequeueCount: number(queues, 'maxDequeueCount', 5),
      visibilityTimeoutMs: timeSpanMs(queues, 'visibilityTimeout', '00:00:00'),
      maxPollingIntervalMs: timeSpanMs(queues, 'maxPollingInterval', '00:01:00'),
      messageEncoding:
        textOf(queues, 'messageEncoding', 'base64').toLowerCase() === 'none' ? 'none' : 'base64',
    },
    http: { routePrefix: textOf(section(extensions.http), 'routePrefix', 'api') },
    logLevels: logLevels(section(section(all.logging).logLevel)),
  }
}

type Section = Readonly<Record<string, unknown>>
const OVERRIDE = 'AzureFunctionsJobHost__'

/**
 * Source:
 * https://learn.microsoft.com/azure/azure-functions/functions-host-json#override-hostjson-values
 */
const overridden = (file: Section, settings: Settings): Section =>
  Object.entries(settings)
    .filter(([name]) => name.startsWith(OVERRIDE))
    .reduce((all, [name, value]) => withValue(all, name.slice(OVERRIDE.length).split('__'), value), file)

function withValue(all: Section, [name = '', ...deeper]: readonly string[], value: string): Section {
  const known = Object.keys(all).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name
  return { ...all, [known]: deeper.length === 0 ? value : withValue(section(all[known]), deeper, value) }
}

function section(value: unknown): Section {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function number(from: Section, name: string, otherwise: number): number {
  const given = from[name] ?? otherwise
  const value = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given
  if (typeof value !== 'number') throw new Error(`host.json: ${name} must be a number.`)
  return value
}

function textOf(from: Section, name: string, otherwise: string): string {
  const value = from[name] ?? otherwise
  if (typeof value !== 'string') throw new Error(`host.json: ${name} must be a string.`)
  return value
}

function logLevels(from: Section): LogLevels {
  return Object.fromEntries(
    Object.keys(from).map((category) => [category, logLevel(textOf(from, category, '').toLowerCase())]),
  )
}

function logLevel(name: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === name)
  if (level === undefined) throw new Error(`host.json: "${name}" is not a log level.`)
  return level
}

/** `hh:mm:ss` or `d.hh:mm:ss`, fractions of a second allowed. */
function timeSpanMs(from: Section, name: string, otherwise: string): number {
  const match = /^(?:(\d+)\.)?(\d+):(\d{1,2}):(\d{1,2}(?:\.\d+)?)$/.exec(textOf(from, name, otherwise))
  if (match === null) throw new Error(`host.json: ${name} must be a time span such as "00:00:30".`)
  const [, days = '0', hours, minutes, seconds] = match
  return Math.round(
    (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000,
  )
}

function initialOffset(from: Section): EventHubsConfig['initialOffset'] {
  const type = textOf(from, 'type', 'fromStart')
  switch (type) {
    case 'fromStart':
    case 'fromEnd':
      return { type }
    case 'fromEnqueuedTime':
      return { type, enqueuedTimeUtc: textOf(from, 'enqueuedTimeUtc', '') }
    default:
      throw new Error('host.json: initialOffsetOptions.type must be fromStart, fromEnd or fromEnqueuedTime.')
  }
}
