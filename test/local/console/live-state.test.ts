import { describe, expect, it } from 'vitest'
import { storesOf } from '../../../local/checks/once/stores.ts'
import { LiveState } from '../../../local/console/live-state.ts'
import { startEventHubEmulator } from '../../../local/emulators/event-hubs/emulator.ts'
import { Switches } from '../../../local/stack/behaviours.ts'
import { HUB } from '../../../local/stack/names.ts'

const nobody = { always: () => undefined } as unknown as ConstructorParameters<typeof Switches>[0]['siem'] &
  ConstructorParameters<typeof Switches>[0]['ingestion']

async function withLiveState(look: (live: LiveState, clock: { ms: number }) => Promise<void>): Promise<void> {
  const clock = { ms: 1_000_000 }
  const nowMs = () => clock.ms
  const hub = await startEventHubEmulator({ hubs: [{ name: HUB, partitions: 2 }], nowMs })
  try {
    hub.publish(HUB, [Buffer.from('{}'), Buffer.from('{}')])
    const stores = storesOf('UseDevelopmentStorage=true', nowMs)
    // Storage that answers with an error at once; to wait for real time-outs would take a minute.
    stores.checkpoints.exists = () => Promise.reject(new Error('the storage said no\nat length'))
    const switches = new Switches({ ingestion: nobody, siem: nobody }, false)
    await look(
      new LiveState({
        stack: { hub },
        sinks: new Map([
          ['soc', () => true],
          ['lake', () => true],
        ]),
        problems: new Map([['soc', ['WEBHOOK_SOC_URL is not set', 'and more']]]),
        stores,
        switches,
        startedAt: clock.ms,
        nowMs,
      }),
      clock,
    )
  } finally {
    await hub.stop()
  }
}

describe('the figures of a running stack', () => {
  it('are told not to be of now once the storage has been silent for ten seconds', () =>
    withLiveState(async (live, clock) => {
      expect(live.state()).toMatchObject({ messages: 2, unread: 2, problem: undefined })
      clock.ms += 10_001
      expect(live.state().problem).toBe('no answer from the storage for 10 s')
    }))

  it('name the reason where the storage refuses to say', () =>
    withLiveState(async (live) => {
      await expect(live.refresh()).rejects.toThrow('the storage said no')
      expect(live.state().problem).toBe('the storage said no')
    }))

  it('tell a sink that cannot be set up as down, and why, before anything is pending for it', () =>
    withLiveState(async (live) => {
      expect(live.state().sinks).toMatchObject([
        { name: 'soc', state: 'down', problem: 'WEBHOOK_SOC_URL is not set' },
        { name: 'lake', state: 'up' },
      ])
    }))
})
