import { setTimeout as wait } from 'node:timers/promises'
import { sendFeed } from '../checks/once/send-feed.ts'
import { storesOf } from '../checks/once/stores.ts'
import { Latency } from '../console/latency.ts'
import { LiveState } from '../console/live-state.ts'
import { startPage } from '../console/server.ts'
import { writeConnectionFile } from './connection-file.ts'
import { feedMessages } from './feed/feed-body.ts'
import { HUB } from './names.ts'
import { startStack } from './stack.ts'
import type { StartRun } from './start-run.ts'

const REFRESH_MS = 1000

/** Runs the embedded stack with its page until it is stopped. Resolves to the exit code. */
export async function runLive({
  options,
  messages,
  progress,
  write,
  nowMs,
  stopped,
}: StartRun): Promise<number> {
  const startedAt = nowMs()
  const latency = new Map([
    ['log-analytics', new Latency()],
    ['webhook', new Latency()],
  ])
  const sentAtMs = { latest: startedAt }
  progress.show('Starting the embedded stack…')
  const stack = await startStack({
    nowMs,
    onStored: (sink, { atMs }) => latency.get(sink)?.add(Math.max(0, atMs - sentAtMs.latest)),
  })
  try {
    progress.show('Starting the function host…')
    const host = await stack.startHost((level, line) => {
      if (level === 'error' || level === 'critical') write(line)
    })
    const live = new LiveState(stack, storesOf(stack.azurite.connectionString, nowMs), latency, startedAt)
    const connectionString = stack.hub.connectionString(HUB)
    const send = async (bodies: readonly Uint8Array[]): Promise<void> => {
      sentAtMs.latest = nowMs()
      await sendFeed(
        connectionString,
        bodies.map((body) => ({ file: 'POST /feed', body })),
      )
    }
    const page = await startPage({
      state: () => live.state(),
      feed: async (body, contentType) => {
        const bodies = feedMessages(body, contentType)
        await send(bodies)
        return { messages: bodies.length }
      },
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
      sentAtMs.latest = nowMs()
      await sendFeed(connectionString, messages, (sent) => {
        sentAtMs.latest = nowMs()
        progress.show(`sent ${sent} of ${messages.length} messages`)
      })
      progress.done()
      write(
        [
          '',
          `  Page               ${page.url}`,
          `  Send a record      curl --data-binary @record.json -H 'content-type: application/json' ${page.url}feed`,
          `  Event Hubs client  ${connectionString}`,
          `  Health             curl -H 'x-functions-key: ${host.ready.functionKey}' ${host.ready.httpUrl}/health`,
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
