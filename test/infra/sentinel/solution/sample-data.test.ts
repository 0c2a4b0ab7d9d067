import { expect, test } from 'vitest'
import type { ExportedEvent } from '../../../../shared/domain/exported-event.ts'
import { encoded } from '../../../contract/sink-fixture.ts'
import { never, receiver } from '../../../sinks/log-analytics/receiver.ts'
import {
  detection,
  heartbeat,
  identityContext,
  responseAction,
  riskyIdentity,
} from '../../../support/archived-events.ts'

const { server, sink } = receiver()

const SAMPLES: Readonly<Record<string, readonly ExportedEvent[]>> = {
  EntraRiskDetections_CL: [detection('leaked'), detection('second')],
  EntraRiskyIdentities_CL: [riskyIdentity('confirmed')],
  EntraIdentityContext_CL: [identityContext('who')],
  EntraRiskResponses_CL: [responseAction('deed')],
  EntraRiskExportHealth_CL: [heartbeat('alive')],
}

test.each(Object.entries(SAMPLES))('sample rows of %s are what the exporter sends', async (table, events) => {
  const target = sink()
  expect(await target.deliver(encoded(target, ...events), never)).toMatchObject({ status: 'delivered' })
  const [request, ...more] = server().requests
  expect(more).toEqual([])
  expect(request?.path).toContain(`Custom-${table}?`)
  const rows: unknown = JSON.parse(request?.body.toString() ?? '')
  await expect(`${JSON.stringify(rows, undefined, 2)}\n`).toMatchFileSnapshot(
    `../../../../infra/sentinel/sample-data/${table}.json`,
  )
})
