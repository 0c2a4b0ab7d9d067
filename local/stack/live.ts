import { setTimeout as wait } from 'node:timers/promises'
import { readSettings } from '../../shared/config/parse-settings.ts'
import { acceptedBySink, sinkProblems } from '../../shared/config/sinks-declared.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { sendFeed } from '../checks/once/send-feed.ts'
import { storesOf } from '../checks/once/stores.ts'
import { identityPage } from '../console/identity-page.ts'
import { LiveState } from '../console/live-state.ts'
import { startPage } from '../console/server.ts'
import { Switches } from './behaviours.ts'
import { writeConnectionFile } from './connection-file.ts'
import { feedMessages } from './feed/feed-body.ts'
import type { HostProcess } from './host-process.ts'
import { HUB } from './names.ts'
import { type Stack, startStack } from './stack.ts'
import type { StartRun } from './start-run.ts'

const REFRESH_MS = 1000
const HOST_ENDED = 3

const reason = (error: unknown): string => (error instanceof Error ? error.message : 'no reason given')

/** Where to look and how to send, for people. */
function welcome(stack: Stack, host: HostProcess, pageUrl: string, { options, own }: StartRun): string {
  const { webhook, settings } = options
  const secret =
    own.settings['WEBHOOK_SECRET'] === undefined
      ? (stack.environment['WEBHOOK_SECRET'] ?? '')
      : `WEBHOOK_SECRET of ${settings}`
  return [
    '',
    `  Page               ${pageUrl}`,
    `  Send a record      curl --data-binary @record.json -H 'content-type: application/json' ${pageUrl}feed`,
    `  Event Hubs client  ${stack.hub.connectionString(HUB)}`,
    `  Health             curl -H 'x-functions-key: ${host.ready.functionKey}' ${host.ready.httpUrl}/health`,
    '  Operators          node dist/risk-export.mjs status --local',
    ...(webhook === undefined ? [] : [`  Webhook            ${webhook}`, `  Signed with        ${secret}`]),
    ...[...sinkProblems(readSettings(stack.environment))].flatMap(([name, problems]) =>
      problems.map((problem) => `  Cannot set up      ${name}: ${problem}`),
    ),
    ...(own.ignored.length === 0 ? [] : [`  Ignored settings   ${own.ignored.join(', ')}`]),
    '',
    '  Press Ctrl-C to stop.',
    '',
  ].join('\n')
}

/** Keeps the figures fresh until the run is stopped; `false` if the host ended first. */
async function follow(
  live: LiveState,
  host: HostProcess,
  { stopped, progress, write }: StartRun,
): Promise<boolean> {
  const ended = Promise.race([stopped.then(() => true), host.exited.then(() => false)])
  for (;;) {
    await live.refresh().catch((error: unknown) => write(`Reading what arrived: ${reason(error)}`))
    const { messages, events, faults, skipped, sinks } = live.state()
    const delivered = sinks.map((s) => `${s.delivered} at ${s.name}`).join(', ')
    progress.show(
      `${messages} messages, ${events} events, ${faults} faults, ${skipped} skipped; ${delivered}`,
    )
    const end = await Promise.race([ended, wait(REFRESH_MS)])
    if (end !== undefined) return end
  }
}

/** Runs the embedded stack with its page until stopped. Resolves to the exit code. */
export async function runLive(run: StartRun): Promise<number> {
  const { options, own, messages, progress, write, nowMs, storage } = run
  const startedAt = nowMs()
  let live: LiveState | undefined
  progress.show('Starting the embedded stack…')
  const stack = await startStack({
    nowMs,
    storage,
    // Not where a run is verified: contexts would be counted as records of the feed.
    settings: { GRAPH_CONTEXT: 'true', ...own.settings },
    webhookCaPem: own.caPem,
    onStored: (sink, request) => live?.stored(sink, request),
  })
  try {
    const settings = readSettings(stack.environment)
    const switches = new Switches(stack, options.webhook !== undefined)
    const stores = storesOf(stack.azurite.connectionString, nowMs)
    const figures = new LiveState({
      stack,
      sinks: acceptedBySink(settings),
      problems: sinkProblems(settings),
      stores,
      switches,
      startedAt,
      nowMs,
    })
    live = figures
    progress.show('Starting the function host…')
    const host = await stack.startHost((level, line) => {
      if (level === 'error' || level === 'critical') write(line)
    })
    const connectionString = stack.hub.connectionString(HUB)
    const page = await startPage({
      state: () => figures.state(),
      feed: async (body, contentType) => {
        const bodies = feedMessages(body, contentType)
        await sendFeed(
          connectionString,
          bodies.map((one) => ({ file: 'POST /feed', body: one })),
        )
        return { messages: bodies.length }
      },
      behave: (sink, behaviour) => switches.set(sink, behaviour),
      identityPage: identityPage({
        archive: stores.archive,
        tenant: settings.tenantId,
        from: instant(startedAt),
        nowMs,
      }),
      ...(options.port === undefined ? {} : { port: options.port }),
    })
    const connection = await writeConnectionFile(stack.environment).catch((error: unknown) => {
      write(`risk-export --local cannot find this stack: ${reason(error)}`)
      return undefined
    })
    try {
      progress.show('Sending the feed…')
      await sendFeed(connectionString, messages, (sent) =>
        progress.show(`sent ${sent} of ${messages.length} messages`),
      )
      progress.done()
      write(welcome(stack, host, page.url, run))
      const isStopped = await follow(figures, host, run)
      progress.done()
      if (!isStopped) write('The function host has exited unexpectedly.')
      return isStopped ? 0 : HOST_ENDED
    } finally {
      await connection?.remove()
      await page.stop()
      await host.stop()
    }
  } finally {
    await stack.stop()
  }
}
