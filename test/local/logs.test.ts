import { fork } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendFeed } from '../../local/checks/once/send-feed.ts'
import { type Stores, storesOf } from '../../local/checks/once/stores.ts'
import { isHostMessage } from '../../local/stack/host-message.ts'
import { HUB } from '../../local/stack/names.ts'
import { type Stack, startStack } from '../../local/stack/stack.ts'
import { storageAccount } from '../support/storage-account.ts'
import { until } from '../support/until.ts'

/** Contents by which a record would be known in a log, wherever they stand in it. */
const CONTENTS = [
  'payroll-nightly-sync',
  '198.51.100.77',
  'e7f0c1d2-aaaa-4bbb-8ccc-123456789abc',
  'Straße des 17. Juni',
  'not-a-time-at-all',
  'wordsThatNobodyKnows',
]
const [NAME, ADDRESS, PRINCIPAL, PLACE, TIME, UNKNOWN] = CONTENTS

const record = (changes: object = {}) => ({
  category: 'ServicePrincipalRiskEvents',
  properties: {
    id: 'd-1',
    riskEventType: UNKNOWN,
    riskState: 'atRisk',
    servicePrincipalId: PRINCIPAL,
    servicePrincipalDisplayName: NAME,
    ipAddress: ADDRESS,
    location: { city: PLACE },
    lastUpdatedDateTime: '2026-03-01T09:20:00Z',
    ...changes,
  },
})
const whole = JSON.stringify(record())
const bodies = [
  whole,
  JSON.stringify({ records: [record({ id: 'd-2' }), record({ lastUpdatedDateTime: TIME }), NAME] }),
  JSON.stringify(record({ id: { [UNKNOWN ?? '']: NAME } })),
  JSON.stringify({ ...record(), category: undefined }),
  `{"records":[${whole},${whole.slice(0, 200)}`,
  `${NAME} is no JSON`,
  `${'['.repeat(90)}"${NAME}"${']'.repeat(90)}`,
  Buffer.concat([Buffer.from(whole), Buffer.from([0xff, 0xfe])]),
].map((body) => ({ file: 'made up', body: Buffer.from(body) }))

let stack: Stack
let stores: Stores
let log = ''

/** Everything that the process of the function host says in any way: its log, stdout and stderr. */
async function runHost(whileItRuns: (lines: readonly string[]) => Promise<void>): Promise<string> {
  const host = fork('dist/local/host.js', {
    env: { PATH: process.env['PATH'], ...stack.environment },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const lines: string[] = []
  const ready = new Promise<void>((resolve, reject) => {
    host.on('message', (news) => {
      if (!isHostMessage(news)) return
      if (news.kind === 'log') lines.push(news.line.message)
      else if (news.kind === 'ready') resolve()
      else reject(new Error(news.message))
    })
  })
  const streams = [host.stdout, host.stderr].filter((stream) => stream !== null)
  const said = Promise.all(streams.map((stream) => text(stream)))
  await ready
  await whileItRuns(lines)
  host.disconnect()
  await once(host, 'exit')
  return [...lines, ...(await said)].join('\n')
}

beforeAll(async () => {
  stack = await startStack({ nowMs: Date.now, storage: storageAccount() })
  stores = storesOf(stack.azurite.connectionString, Date.now)
  // A receiver that quotes what it refuses, then a wrong secret, then a connection that breaks.
  stack.siem.script(
    { kind: 'refuse', status: 400, headers: {}, body: whole },
    { kind: 'refuse', status: 401, headers: {}, body: whole },
  )
  stack.siem.always({ kind: 'resetBeforeStoring' })
  log = await runHost(async (lines) => {
    await sendFeed(stack.hub.connectionString(HUB), bodies)
    await until(
      async () => (await stores.outbox.pendingPartitions()).length > 0 && stack.siem.requests() > 2,
      30_000,
    )
    stack.siem.always(undefined)
    await until(async () => (await stores.outbox.pendingPartitions()).length === 0, 30_000)
    await until(() => lines.some((line) => /^Redelivered webhook .*stillPending=0/.test(line)), 10_000)
  })
}, 90_000)
afterAll(() => stack.stop())

describe('what the process of the function host says in a run full of failures', () => {
  it('tells of settled chunks, faults and pending deliveries', () => {
    expect(log).toMatch(/Settled p=\d/)
    expect(log).toMatch(/faults=\d \[\w+ \d/)
    expect(log).toMatch(/Redelivered webhook/)
  })

  it.each(CONTENTS)('holds nothing of the records: %s', (content) => {
    expect(log).not.toContain(content)
  })

  it.each(['WEBHOOK_SECRET', 'IDENTITY_HEADER'])('does not hold the value of %s', (name) => {
    const secret = stack.environment[name] ?? ''
    expect(secret.length).toBeGreaterThan(16)
    expect(log).not.toContain(secret)
  })

  it.each(['AzureWebJobsStorage', 'EventHub'])('does not hold the key in %s', (name) => {
    const key = /(?:AccountKey|SharedAccessKey)=([^;]+)/.exec(stack.environment[name] ?? '')?.[1] ?? ''
    expect(key.length).toBeGreaterThan(8)
    expect(log).not.toContain(key)
  })
})
