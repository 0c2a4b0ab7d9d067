import { ConfigError } from '../../../shared/config/config-error.ts'
import { readSettings } from '../../../shared/config/parse-settings.ts'
import { SENDS_NOTHING } from '../../stack/sends-nothing.ts'
import { startStack } from '../../stack/stack.ts'
import type { StartRun } from '../../stack/start-run.ts'
import { verify } from '../verify/verify.ts'
import { gatherEvidence } from './gather-evidence.ts'
import { keepEverything, runFeed } from './run-once.ts'
import { storesOf } from './stores.ts'
import { untilSealed } from './until-sealed.ts'
import { verdictJson, verdictText } from './verdict-report.ts'
import { acceptsBySink, bodyParserFor } from './verifiable-settings.ts'

/** What is kept is sealed. */
const SEALS_OFTEN = { EVIDENCE_SEAL: 'true', EVIDENCE_SEAL_SCHEDULE: '* * * * * *' }
const SEAL_TIMEOUT_MS = 60_000

/**
 * Sends a feed, waits until everything is settled, and verifies. Resolves to the exit code: 0
 * balanced, 1 not balanced, 2 timeout.
 * @throws UsageError for settings with which it could not be verified
 */
export async function runOnce({
  options,
  own,
  messages,
  progress,
  write,
  nowMs,
  storage,
  stopped,
}: StartRun): Promise<number> {
  const parseBody = bodyParserFor(own.settings)
  if (own.ignored.length > 0) write(`Ignored settings: ${own.ignored.join(', ')}`)
  progress.show('Starting the embedded stack…')
  const settings = {
    ...own.settings,
    ...SENDS_NOTHING,
    ...(options.keep === undefined ? {} : SEALS_OFTEN),
  }
  const stack = await startStack({ nowMs, storage, settings })
  const stores = storesOf(stack.azurite.connectionString, nowMs)
  try {
    const { logAnalytics, webhooks } = readSettings(stack.environment)
    const problems = webhooks.flatMap((webhook) => webhook.problems ?? [])
    if (problems.length > 0) throw new ConfigError(problems)
    const accepts = acceptsBySink({ logAnalytics, webhooks })
    const host = await stack.startHost(() => undefined)
    const settled = await Promise.race([
      runFeed({
        stack,
        stores,
        nowMs,
        messages,
        timeoutMs: options.timeoutSeconds * 1000,
        onProgress: (text) => progress.show(text),
      }),
      stopped.then(() => false),
      host.exited.then(() => false),
    ])
    let sealed = true
    if (options.keep !== undefined) {
      progress.show('Waiting until the archive is sealed…')
      sealed = await Promise.race([
        untilSealed(stores, SEAL_TIMEOUT_MS, nowMs),
        stopped.then(() => false),
        host.exited.then(() => false),
      ])
    }
    progress.show('Reading what arrived…')
    await host.stop()
    const evidence = await gatherEvidence(stack, stores, undefined, parseBody)
    const verdict = verify({
      ...evidence,
      sinks: evidence.sinks.map((sink) => ({ ...sink, accepts: accepts.get(sink.name) ?? (() => true) })),
    })
    if (options.keep !== undefined) await keepEverything(stack, stores, options.keep)
    progress.done()
    write(options.json ? verdictJson(verdict) : verdictText(verdict))
    if (!settled || !sealed) return 2
    return verdict.balanced ? 0 : 1
  } finally {
    await stack.stop()
  }
}
