import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { refuse } from '../../../local/emulators/http/receiver-step.ts'
import {
  type LogsIngestion,
  startLogsIngestion,
} from '../../../local/emulators/logs-ingestion/logs-ingestion.ts'
import { accessDenied } from '../../../local/emulators/logs-ingestion/service-faults.ts'
import {
  type ManagedIdentity,
  startManagedIdentity,
} from '../../../local/emulators/managed-identity/managed-identity.ts'
import { createLocalAuthority } from '../../../local/emulators/tls/local-authority.ts'
import { managedIdentity } from '../../../shared/composition/managed-identity.ts'
import { systemTime } from '../../../shared/composition/system-time.ts'
import type { Sink } from '../../../shared/delivery/sink.ts'
import type { LogRow } from '../../../shared/sinks/log-analytics/log-row.ts'
import { logAnalyticsSink } from '../../../shared/sinks/log-analytics/sink.ts'
import { tableDeclarations } from '../../../shared/sinks/log-analytics/tables.ts'
import { encoded, faultOf, soundFault } from '../../contract/sink-fixture.ts'
import { arbitraryArchivedEvent } from '../../support/arbitrary-events.ts'
import { detection, heartbeat, riskyIdentity } from '../../support/archived-events.ts'
import { never, RULE_ID } from './receiver.ts'
import { trustingClient } from './trusting-client.ts'

const AUDIENCE = 'https://monitor.azure.com'
let identity: ManagedIdentity
let service: LogsIngestion
/** Whether the next token that is shown is no longer taken. */
let revoking = false
const revoked = new Set<string>()
let sink: (ruleId?: string) => Sink<LogRow>

beforeAll(async () => {
  const authority = await createLocalAuthority()
  identity = await startManagedIdentity({ header: 'shown-by-the-app', nowMs: Date.now })
  vi.stubEnv('IDENTITY_ENDPOINT', identity.url)
  vi.stubEnv('IDENTITY_HEADER', identity.header)
  service = await startLogsIngestion({
    authority,
    tables: tableDeclarations(),
    ruleId: RULE_ID,
    isValidToken: (token) => {
      if (revoking) revoked.add(token)
      revoking = false
      return !revoked.has(token) && identity.isValid(token, AUDIENCE)
    },
    nowMs: Date.now,
  })
  const credential = await managedIdentity(undefined, systemTime)
  sink = (ruleId = RULE_ID) =>
    logAnalyticsSink({
      endpoint: service.url,
      ruleId,
      credential,
      nowMs: Date.now,
      httpClient: trustingClient(authority.caPem),
    })
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await service.stop()
  await identity.stop()
})

test('any events land, each as one row, by a token of the managed identity', async () => {
  const target = sink()
  const batches = fc.uniqueArray(arbitraryArchivedEvent, {
    selector: ({ event }) => event.eventId,
    minLength: 1,
    maxLength: 20,
  })
  await fc.assert(
    fc.asyncProperty(batches, async (events) => {
      const before = service.received()
      const batch = encoded(target, ...events.map(({ event }) => event))
      expect(await target.deliver(batch, never)).toMatchObject({ status: 'delivered' })
      expect(service.received() - before).toBe(events.length)
      for (const { eventId } of batch) expect(service.eventIds().get(eventId)).toBeGreaterThan(0)
    }),
    { numRuns: 25 },
  )
  expect(identity.issued(), 'the token is fetched once and kept').toBe(1)
})

test('a healthy service passes the check, and nothing lands', async () => {
  const before = service.received()
  expect(await sink().check(never)).toBeUndefined()
  expect(service.received()).toBe(before)
})

test('a wrong rule is reported by check and delivery alike', async () => {
  const target = sink('dcr-of-another-deployment')
  expect(soundFault(await target.check(never))).toMatchObject({ code: 'notFound', scope: 'sink' })
  const fault = faultOf(await target.deliver(encoded(target, detection('a')), never))
  expect(fault).toMatchObject({ code: 'notFound', scope: 'sink', status: 404 })
  expect(fault.message).toContain('LOGS_INGESTION_RULE_ID')
})

test('a missing role is reported with what to check', async () => {
  service.script(accessDenied(RULE_ID))
  const fault = faultOf(await sink().deliver(encoded(sink(), detection('a')), never))
  expect(fault).toMatchObject({ code: 'unauthorized', scope: 'sink', status: 403 })
  expect(fault.message).toContain('Monitoring Metrics Publisher')
  expect(fault.message).toContain('OperationFailed')
})

test('a token that the service no longer takes is replaced by a new one of the managed identity', async () => {
  const target = sink()
  const batch = encoded(target, detection('a'), riskyIdentity('b'), heartbeat('c'))
  expect(await target.deliver(batch, never)).toMatchObject({ status: 'delivered' })
  const before = identity.issued()
  revoking = true
  const atOnce = await Promise.all(
    Array.from({ length: 10 }, () => target.deliver(batch, new AbortController().signal)),
  )
  for (const outcome of atOnce) expect(outcome).toMatchObject({ status: 'delivered' })
  expect(revoked.size).toBe(1)
  expect(identity.issued() - before, 'one for all requests that showed the old one').toBe(1)
  expect(await sink().deliver(batch, never), 'and for all who come after').toMatchObject({
    status: 'delivered',
  })
  expect(identity.issued() - before).toBe(1)
})

test('a service that takes no token at all needs an operator', async () => {
  service.script(refuse(401), refuse(401))
  const fault = faultOf(await sink().deliver(encoded(sink(), detection('a')), never))
  expect(fault).toMatchObject({ code: 'unauthorized', scope: 'sink', status: 401 })
})
