import { SENDS_NOTHING } from '../../stack/sends-nothing.ts'
import { startStack } from '../../stack/stack.ts'
import type { StartRun } from '../../stack/start-run.ts'
import { verify } from '../verify/verify.ts'
import { gatherEvidence } from './gather-evidence.ts'
import { keepEverything, runFeed } from './run-once.ts'
import { storesOf } from './stores.ts'
import { untilSealed } from './until-sealed.ts'
import { verdictJson, verdictText } from './verdict-report.ts'

/** What is kept is sealed. */
const SEALS_OFTEN = { EVIDENCE_SEAL: 'true', EVIDENCE_SEAL_SCHEDULE: '* * * * * *' }
const SEAL_TIMEOUT_MS = 60_000

/**
 * Sends a feed, waits until everything is settled, and verifies. Resolves to the exit code: 0
 * balanced, 1 not balanced, 2 timeout.
 */
export async function runOnce({
  options,
  messages,
  progress,
  write,
  nowMs,
  stopped,
}: StartRun): Promise<number> {
  progress.show('Starting the embedded stack…')
  const settings = { ...SENDS_NOTHING, ...(options.keep === undefined ? {} : SEALS_OFTEN) }
  const stack = await startStack({ nowMs, settings })
  const stores = storesOf(stack.azurite.connectionString, nowMs)
  try {
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
    const verdict = verify(await gatherEvidence(stack, stores))
    if (options.keep !== undefined) await keepEverything(stack, stores, options.keep)
    progress.done()
    write(options.json ? verdictJson(verdict) : verdictText(verdict))
    if (!settled || !sealed) return 2
    return verdict.balanced ? 0 : 1
  } finally {
    await stack.stop()
  }
}
