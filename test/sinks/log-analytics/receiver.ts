import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createLocalAuthority, LOCAL_HOSTS } from '../../../local/emulators/tls/local-authority.ts'
import type { Sink } from '../../../shared/delivery/sink.ts'
import type { LogRow } from '../../../shared/sinks/log-analytics/log-row.ts'
import { type LogAnalyticsOptions, logAnalyticsSink } from '../../../shared/sinks/log-analytics/sink.ts'
import { status } from '../../support/scripted-answer.ts'
import { type ScriptedServer, startScriptedServer } from '../../support/scripted-server.ts'
import { trustingClient } from './trusting-client.ts'

export const SENT_AT_MS = Date.parse('2026-03-01T12:00:00.000Z')
export const RULE_ID = `dcr-${'0'.repeat(32)}`

/** Never aborted. */
export const never = new AbortController().signal

/** A service that answers by script for one test file, and sinks aimed at it. */
export function receiver() {
  let running: ScriptedServer | undefined
  let caPem = ''
  const server = (): ScriptedServer => {
    if (running === undefined) throw new Error('The server runs only inside a test.')
    return running
  }
  beforeAll(async () => {
    const authority = await createLocalAuthority()
    caPem = authority.caPem
    running = await startScriptedServer(await authority.issue(LOCAL_HOSTS))
  })
  beforeEach(() => {
    server().forget()
    server().always(status(204))
  })
  afterAll(() => running?.stop())
  return {
    server,
    sink: (options: Partial<LogAnalyticsOptions> = {}): Sink<LogRow> =>
      logAnalyticsSink({
        endpoint: server().origin,
        ruleId: RULE_ID,
        credential: {
          getToken: async () => ({ token: 'a-token', expiresOnTimestamp: Date.now() + 3_600_000 }),
        },
        nowMs: () => SENT_AT_MS,
        httpClient: trustingClient(caPem),
        ...options,
      }),
  }
}
