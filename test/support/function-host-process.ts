import { startEventHubEmulator } from '../../local/emulators/event-hubs/emulator.ts'
import { startFunctionHost } from '../../local/emulators/functions-host/function-host.ts'
import { readSchedule } from '../../local/stack/timer-schedule.ts'
import { handlers } from './function-host-app/handlers.ts'
import { reportLoopMs } from './loop-time.ts'
import { until } from './until.ts'

/**
 * A process that runs all triggers of the test app once, stops the host, says so, and has nothing
 * left to do: it ends by itself only if the host left nothing behind, and says after how many ms.
 * Arguments: the app's folder, Azurite's connection string.
 */
const [appDirectory = '', storage = ''] = process.argv.slice(2)
const seen = new Set<string>()
for (const name of ['held', 'tick', 'open'] as const) handlers()[name] = () => seen.add(name)
const emulator = await startEventHubEmulator({
  hubs: [
    { name: 'held', partitions: 4 },
    { name: 'lossy', partitions: 1 },
  ],
  nowMs: Date.now,
})
emulator.publish('held', [Buffer.from('a')], { partition: '2' })
const host = await startFunctionHost({
  appDirectory,
  environment: {
    AzureWebJobsStorage: storage,
    QUEUES: storage,
    QUEUE_NAME: 'absent',
    TICK_SCHEDULE: '* * * * * *',
    HELD_NAME: 'held',
    HELD_CONNECTION: emulator.connectionString('held'),
    LOSSY_NAME: 'lossy',
    LOSSY_CONNECTION: emulator.connectionString('lossy'),
  },
  log: () => undefined,
  nowMs: Date.now,
  readSchedule,
})
await (await fetch(`${host.httpUrl}/open`)).text()
await until(() => seen.size === 3, 10_000)
await host.stop()
await emulator.stop()
process.stdout.write('stopped\n')
reportLoopMs()
