import { afterAll, beforeAll, beforeEach } from 'vitest'
import {
  createLocalAuthority,
  LOCAL_HOSTS,
  type ServerCertificate,
} from '../../../local/emulators/tls/local-authority.ts'
import type { Destination } from '../../../shared/sinks/webhook/destination.ts'
import type { WebhookSink } from '../../../shared/sinks/webhook/sink.ts'
import { status } from '../../support/scripted-answer.ts'
import { type ScriptedServer, startScriptedServer } from '../../support/scripted-server.ts'
import { apiKey, splunkToken, TOKEN, webhook } from './webhook-under-test.ts'

/** A scripted server for a test file, healed before each test, and sinks aimed at it. */
export interface Receiver {
  readonly server: () => ScriptedServer
  readonly caPem: () => string
  /** What the server shows. */
  readonly certificate: () => ServerCertificate
  readonly cloudEvents: (changes?: Partial<Destination>) => WebhookSink
  readonly json: (changes?: Partial<Destination>) => WebhookSink
  readonly elastic: (changes?: Partial<Destination>) => WebhookSink
  readonly secops: (changes?: Partial<Destination>) => WebhookSink
  readonly splunk: (changes?: Partial<Destination>) => WebhookSink
}

export function receiver(): Receiver {
  let running: ScriptedServer | undefined
  let caPem = ''
  let issued: ServerCertificate | undefined
  const server = (): ScriptedServer => {
    if (running === undefined) throw new Error('The server runs only inside a test.')
    return running
  }
  beforeAll(async () => {
    const authority = await createLocalAuthority()
    caPem = authority.caPem
    issued = await authority.issue([...LOCAL_HOSTS, 'siem.example'])
    running = await startScriptedServer(issued)
  })
  beforeEach(() => {
    server().forget()
    server().always(status(200, {}, '{"text":"Success","code":0}'))
  })
  afterAll(() => running?.stop())
  return {
    server,
    caPem: () => caPem,
    certificate: () => {
      if (issued === undefined) throw new Error('There is a certificate only inside a test.')
      return issued
    },
    cloudEvents: (changes) => webhook({ url: `${server().origin}/hooks/entra`, caPem, ...changes }),
    json: (changes) => webhook({ url: `${server().origin}/hooks/entra`, caPem, format: 'json', ...changes }),
    elastic: (changes) =>
      webhook({
        url: `${server().origin}/_bulk`,
        caPem,
        format: 'elastic-bulk',
        authentication: apiKey(TOKEN),
        ...changes,
      }),
    secops: (changes) =>
      webhook({
        url: `${server().origin}/v2/feeds/f:importPushLogs`,
        caPem,
        format: 'secops',
        authentication: { by: 'header', name: 'x-goog-api-key', values: [TOKEN] },
        ...changes,
      }),
    splunk: (changes) =>
      webhook({
        url: `${server().origin}/services/collector/event`,
        caPem,
        format: 'splunk-hec',
        authentication: splunkToken(TOKEN),
        ...changes,
      }),
  }
}
