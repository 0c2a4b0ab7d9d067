import { setTimeout as wait } from 'node:timers/promises'
import { instant } from '../../shared/domain/identifiers.ts'
import { EMPTY_SINK_TALLY } from '../../shared/domain/tally.ts'
import { endsSince } from '../../shared/operations/status/stored-health.ts'
import { sendFeed } from '../checks/once/send-feed.ts'
import { storesOf } from '../checks/once/stores.ts'
import { ArrivedEvents } from '../console/arrived-events.ts'
import { LiveState } from '../console/live-state.ts'
import { startPage } from '../console/server.ts'
import { isOwnReceiver } from './asked-settings.ts'
import { writeConnectionFile } from './connection-file.ts'
import { feedMessages } from './feed/feed-body.ts'
import { HUB } from './names.ts'
import { startStack } from './stack.ts'
import type { StartRun } from './start-run.ts'
import { Switches } from './switches.ts'

const REFRESH_MS = 1000
/** A receiver that was down gets what is pending soon after it is up again: nobody looks on for five minutes. */
const FOR_THE_EYE = { REDELIVERY_MAX_BACKOFF_SECONDS: '10' }

/** Runs the embedded stack with its page until it is stopped. Resolves to the exit code. */
export async function runLive({
  options,
  messages,
  settings,
  progress,
  write,
  nowMs,
  stopped,
}: StartRun): Promise<number> {
  const startedAt = instant(nowMs())
  const arrived = { 'log-analytics': new ArrivedEvents(), webhook: new ArrivedEvents() } as const
  progress.show('Starting the embedded stack…')
  const stack = await startStack({
    nowMs,
    settings: { ...FOR_THE_EYE, ...settings },
    onStored: (sink, stored) => arrived[sink].add(stored),
  })
  try {
    progress.show('Starting the function host…')
    const host = await stack.startHost((level, line) => {
      if (level === 'error' || level === 'critical') write(line)
    })
    const stores = storesOf(stack.azurite.connectionString, nowMs)
    const switches = new Switches(stack)
    const live = new LiveState({
      hub: stack.hub,
      stores,
      receivers: (['log-analytics', 'webhook'] as const).map((sink) =>
        isOwnReceiver(sink, settings) ? switches.receiver(sink, arrived[sink]) : { sink },
      ),
      toldOf: async (sink) =>
        (await endsSince(stores.receipts, startedAt, instant(nowMs()))).get(sink) ?? EMPTY_SINK_TALLY,
      nowMs,
    })
    const connectionString = stack.hub.connectionString(HUB)
    const send = (bodies: readonly Uint8Array[]): Promise<void> =>
      sendFeed(
        connectionString,
        bodies.map((body) => ({ file: 'POST /feed', body })),
      )
    const page = await startPage({
      state: () => live.state(),
      feed: async (body, contentType) => {
        const bodies = feedMessages(body, contentType)
        await send(bodies)
        return { messages: bodies.length }
      },
      setBehaviour: (sink, behaviour) => switches.set(sink, behaviour),
      ...(options.port === undefined ? {} : { port: options.port }),
    })
    const connection = await writeConnectionFile(stack.environment).catch((error: unknown) => {
      write(
        `risk-export --local will not find this stack: ${error instanceof Error ? error.message : 'no reason given'}`,
      )
      return undefined
    })
    try {
      progress.show('Sending the feed…')
      await sendFeed(connectionString, messages, (sent) =>
        progress.show(`sent ${sent} of ${messages.length} messages`),
      )
      progress.done()
      write(
        [
          '',
          `  Page               ${page.url}`,
          `  Break a receiver   curl -X POST ${page.url}sinks/webhook/down     (or refusing, slow, healthy; or log-analytics)`,
          `  Send a record      curl --data-binary @record.json -H 'content-type: application/json' ${page.url}feed`,
          `  Event Hubs client  ${connectionString}`,
          `  Health             curl -H 'x-functions-key: ${host.ready.functionKey}' ${host.ready.httpUrl}/health`,
          ...(settings['WEBHOOK_URL'] === undefined || settings['WEBHOOK_SECRET'] !== undefined
            ? []
            : [`  Webhook secret     ${stack.environment['WEBHOOK_SECRET']}`]),
          '  Operators          node dist/risk-export.mjs status --local',
          '',
          '  Ctrl-C ends it.',
          '',
        ].join('\n'),
      )
      const ended = Promise.race([stopped, host.exited])
      let over = false
      void ended.then(() => {
        over = true
      })
      while (!over) {
        await live
          .refresh()
          .catch((error: unknown) =>
            write(`Reading what arrived: ${error instanceof Error ? error.message : 'it failed'}`),
          )
        const { messages: seen, events, faults, skipped } = live.state()
        progress.show(
          `${seen} messages, ${events} events, ${faults} faults, ${skipped} skipped; ${stack.ingestion.received()} rows, ${stack.siem.received()} at the webhook`,
        )
        await Promise.race([ended, wait(REFRESH_MS)])
      }
      progress.done()
    } finally {
      await connection?.remove()
      await page.stop()
      await host.stop()
    }
    return 0
  } finally {
    await stack.stop()
  }
}
