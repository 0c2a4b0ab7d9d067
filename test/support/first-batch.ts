import { resolve } from 'node:path'
import { recordText } from '../../local/checks/chaos/records.ts'
import { loadFunctionApp } from '../../local/emulators/functions-host/function-app.ts'

/*
 * The built app in a process of its own, from its load to its first batch: prints what ingest came
 * to, and which parts of Node were loaded with the functions, and by the end.
 */
const environment = Object.fromEntries(
  Object.entries(process.env).map(([name, value]) => [name, value ?? '']),
)
const { moduleLoadList } = process as typeof process & { readonly moduleLoadList: readonly string[] }
let withFunctions: readonly string[] = []
const app = await loadFunctionApp({
  appDirectory: resolve('.'),
  environment,
  log: () => undefined,
  onLoaded: () => {
    withFunctions = [...moduleLoadList]
  },
})
const body = Buffer.from(recordText(1))
const message = { body, sequenceNumber: 1, offset: '1', enqueuedAtMs: 1_772_355_600_000 }
const { ok } = await app.invokeEventHub('ingest', { messages: [message] })
process.stdout.write(JSON.stringify({ ok, withFunctions, loaded: moduleLoadList }), () => process.exit(0))
