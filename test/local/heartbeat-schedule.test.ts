import { expect, it } from 'vitest'
import { startStack } from '../../local/stack/stack.ts'
import { until } from '../support/until.ts'

// The host keeps no status of a timer that fires more than once a minute: the heartbeat is then
// told of no last time.
it('a heartbeat that is to come every second arrives at both sinks', async () => {
  const stack = await startStack({ nowMs: Date.now, settings: { HEARTBEAT_SCHEDULE: '* * * * * *' } })
  try {
    const log: string[] = []
    const host = await stack.startHost((level, line) => log.push(`${level} ${line}`))
    await until(
      () => stack.ingestion.eventIds().size > 1 && stack.siem.eventIds().size > 1,
      20_000,
      () => log.join('\n'),
    )
    await host.stop()
    expect(log.filter((line) => line.startsWith('error'))).toEqual([])
  } finally {
    await stack.stop()
  }
}, 60_000)
