import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type LogsIngestion,
  startLogsIngestion,
} from '../../local/emulators/logs-ingestion/logs-ingestion.ts'
import { type SiemReceiver, startSiemReceiver } from '../../local/emulators/siem/siem-receiver.ts'
import { createLocalAuthority } from '../../local/emulators/tls/local-authority.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import type { Sink } from '../../shared/delivery/sink.ts'
import type { Time } from '../../shared/domain/time.ts'
import { logAnalyticsSink } from '../../shared/sinks/log-analytics/sink.ts'
import { tableDeclarations } from '../../shared/sinks/log-analytics/tables.ts'
import { webhookSink } from '../../shared/sinks/webhook/sink.ts'
import { RULE_ID } from '../sinks/log-analytics/receiver.ts'
import { trustingClient } from '../sinks/log-analytics/trusting-client.ts'
import { webhookOptions } from '../sinks/webhook/webhook-under-test.ts'

/** The real clock, and a way to let it jump ahead. */
export interface JumpingTime extends Time {
  jump(ms: number): void
}

function jumpingTime(): JumpingTime {
  let aheadMs = 0
  return {
    ...systemTime,
    now: () => systemTime.now() + aheadMs,
    jump: (ms) => {
      aheadMs += ms
    },
  }
}

/** Both receiving servers, each over TLS, and the program's own sinks aimed at them. */
export interface BothReceivers {
  readonly ingestion: LogsIngestion
  readonly siem: SiemReceiver
  readonly sinks: readonly [Sink, Sink]
  readonly time: JumpingTime
  /** What they got: `log-analytics/` and `webhook/`. */
  readonly directory: string
  stop(): Promise<void>
}

export async function bothReceivers(): Promise<BothReceivers> {
  const authority = await createLocalAuthority()
  const directory = await mkdtemp(join(tmpdir(), 'both-receivers-'))
  const time = jumpingTime()
  const nowMs = () => time.now()
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  const [ingestion, siem] = await Promise.all([
    startLogsIngestion({
      authority,
      tables: tableDeclarations(),
      ruleId: RULE_ID,
      isValidToken: () => true,
      nowMs,
      directory: join(directory, 'log-analytics'),
    }),
    startSiemReceiver({
      authority,
      secrets: [secret],
      format: 'cloudevents',
      nowMs,
      directory: join(directory, 'webhook'),
    }),
  ])
  const logAnalytics = logAnalyticsSink({
    endpoint: ingestion.url,
    ruleId: RULE_ID,
    credential: {
      getToken: async () => ({ token: 'shown', expiresOnTimestamp: Date.now() + 365 * 24 * 3_600_000 }),
    },
    nowMs,
    httpClient: trustingClient(authority.caPem),
  })
  const webhook = webhookSink(
    webhookOptions({ url: siem.url, secrets: [secret], caPem: authority.caPem, nowMs }),
  )
  return {
    ingestion,
    siem,
    sinks: [logAnalytics, webhook],
    time,
    directory,
    async stop() {
      await webhook.close()
      await Promise.all([ingestion.stop(), siem.stop()])
      await rm(directory, { recursive: true, force: true })
    },
  }
}
