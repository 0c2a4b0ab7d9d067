import { load } from 'js-yaml'
import { isObject, type Members, unknownMembers } from '../members.ts'

/** What a collector's configuration says about its receiver of logs. */
export interface ReceiverConfig {
  readonly port: string
  /** Of `bearertokenauth`. */
  readonly token: string
}

/** Options by component: https://opentelemetry.io/docs/collector/configuration/ and each one's README. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  extensions: ['bearertokenauth'],
  bearertokenauth: ['scheme', 'token', 'tokens', 'filename', 'header'],
  receivers: ['otlp'],
  otlp: ['protocols'],
  protocols: ['grpc', 'http'],
  http: ['endpoint', 'tls', 'auth', 'cors', 'max_request_body_size', 'include_metadata', 'logs_url_path'],
  tls: [
    'cert_file',
    'key_file',
    'ca_file',
    'client_ca_file',
    'min_version',
    'max_version',
    'reload_interval',
  ],
  auth: ['authenticator', 'request_params'],
  exporters: ['debug'],
  debug: ['verbosity', 'sampling_initial', 'sampling_thereafter', 'use_internal_logger'],
  service: ['extensions', 'pipelines', 'telemetry'],
  pipelines: ['logs', 'metrics', 'traces'],
  logs: ['receivers', 'processors', 'exporters'],
}

const inner = (value: Members, name: string): Members => {
  const its = value[name]
  if (!isObject(its)) throw new Error(`${name} is missing`)
  const [unknown] = unknownMembers(its, OPTIONS[name] ?? [])
  if (unknown !== undefined) throw new Error(`'${name}' has invalid keys: ${unknown}`)
  return its
}

const names = (value: Members, name: string): readonly string[] => {
  const list = value[name]
  if (!Array.isArray(list) || list.length === 0) throw new Error(`must have at least one of ${name}`)
  return list.map(String)
}

/**
 * Reads a configuration as a collector does.
 * @throws for options that it does not have, and components that are used but not declared
 */
export function parseCollectorConfig(yaml: string, env: Readonly<Record<string, string>>): ReceiverConfig {
  const text = yaml.replaceAll(/\$\{env:(\w+)\}/g, (_, name: string) => env[name] ?? '')
  const config = load(text)
  if (!isObject(config)) throw new Error('no configuration')
  const [unknown] = unknownMembers(config, ['extensions', 'receivers', 'processors', 'exporters', 'service'])
  if (unknown !== undefined) throw new Error(`has invalid keys: ${unknown}`)
  const [extensions, receivers, exporters, service] = ['extensions', 'receivers', 'exporters', 'service'].map(
    (name) => inner(config, name),
  ) as [Members, Members, Members, Members]
  const http = inner(inner(inner(receivers, 'otlp'), 'protocols'), 'http')
  const { token } = inner(extensions, 'bearertokenauth')
  const { authenticator } = inner(http, 'auth')
  const { cert_file: certificate, key_file: key } = inner(http, 'tls')
  const { verbosity = 'basic' } = inner(exporters, 'debug')
  const logs = inner(inner(service, 'pipelines'), 'logs')
  const used = { receivers: names(logs, 'receivers'), exporters: names(logs, 'exporters') }
  if (!names(service, 'extensions').includes(String(authenticator)) || !(String(authenticator) in extensions))
    throw new Error(`failed to resolve authenticator "${String(authenticator)}"`)
  for (const [declared, list] of [
    [receivers, used.receivers],
    [exporters, used.exporters],
  ] as const)
    for (const name of list) if (!(name in declared)) throw new Error(`${name} is not configured`)
  if (typeof token !== 'string' || token === '') throw new Error('no token')
  if (certificate === undefined || key === undefined) throw new Error('TLS needs certificate and key')
  if (!['basic', 'normal', 'detailed'].includes(String(verbosity))) throw new Error('verbosity level unknown')
  const [, port = ''] = /^0\.0\.0\.0:(\d+)$/.exec(String(http['endpoint'])) ?? []
  return { port, token }
}
