import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLocalAuthority, LOCAL_HOSTS } from '../../../local/emulators/tls/local-authority.ts'
import type { Destination } from '../../../shared/sinks/webhook/destination.ts'
import { encoded } from '../../contract/sink-fixture.ts'
import { never, webhook } from '../../sinks/webhook/webhook-under-test.ts'
import { detection } from '../../support/archived-events.ts'
import type { Followed, World } from '../../support/siem-pages/followed.ts'
import { followGoogleSecops } from '../../support/siem-pages/google-secops/follow-google-secops.ts'
import { parseCollectorConfig } from '../../support/siem-pages/opentelemetry/collector-config.ts'
import { followOpenTelemetry } from '../../support/siem-pages/opentelemetry/follow-opentelemetry.ts'
import { PageSteps } from '../../support/siem-pages/page-steps.ts'

const folder = mkdtempSync(join(tmpdir(), 'risk-export-page-errors-'))
let world: World
beforeAll(async () => {
  const authority = await createLocalAuthority()
  world = { authority, hosts: LOCAL_HOSTS, caFile: join(folder, 'ca.pem'), folder }
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What becomes of an event with the settings of a page, and changes to them. */
async function deliver({ settings }: Followed, format: 'secops' | 'otlp', changes: Partial<Destination>) {
  const [token = '', headers = '{}'] = [settings['WEBHOOK_TOKEN'], settings['WEBHOOK_HEADERS']]
  const sink = webhook({
    url: settings['WEBHOOK_URL'] ?? '',
    format,
    authentication:
      format === 'secops'
        ? { by: 'header', name: 'x-goog-api-key', values: [token] }
        : { by: 'header', name: 'authorization', values: [`Bearer ${token}`] },
    headers: Object.fromEntries(
      Object.entries<string>(JSON.parse(headers)).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    secrets: [],
    caPem: world.authority.caPem,
    ...changes,
  })
  const outcome = await sink.deliver(encoded(sink, detection('a')), never)
  await sink.close()
  return outcome
}

describe('errors in what the app is given show', () => {
  test('at a feed of Google SecOps', async () => {
    const feed = await followGoogleSecops(world)
    const given = (changes: Partial<Destination>) => deliver(feed, 'secops', changes)
    expect(await given({})).toMatchObject({ status: 'delivered' })
    expect(await given({ headers: {} })).toMatchObject({ fault: { status: 403 } })
    expect(await given({ authentication: { by: 'none' } })).toMatchObject({ fault: { status: 403 } })
    expect(await given({ contentType: 'application/x-ndjson' })).toMatchObject({ fault: { status: 415 } })
    expect(feed.arrived()).toHaveLength(1)
    await feed.stop()
  })

  test('at a collector', async () => {
    const collector = await followOpenTelemetry(world)
    const given = (changes: Partial<Destination>) => deliver(collector, 'otlp', changes)
    expect(await given({})).toMatchObject({ status: 'delivered' })
    expect(await given({ authentication: { by: 'none' } })).toMatchObject({ fault: { status: 401 } })
    expect(await given({ contentType: 'application/json' })).toMatchObject({ fault: { status: 415 } })
    const url = collector.settings['WEBHOOK_URL'] ?? ''
    expect(await given({ url: url.replace('/v1/logs', '/') })).toMatchObject({ fault: { status: 404 } })
    expect(collector.arrived()).toHaveLength(1)
    await collector.stop()
  })
})

describe('errors in the configuration of the collector show', () => {
  const yaml = new PageSteps('opentelemetry').block('receivers:')

  test.each([
    ['extensions: [bearertokenauth]', 'extensions: [basicauth]', 'failed to resolve authenticator'],
    ['endpoint:', 'address:', "'http' has invalid keys: address"],
    ['cert_file', 'certificate', "'tls' has invalid keys: certificate"],
    ['authenticator:', 'extension:', "'auth' has invalid keys: extension"],
    ['exporters: [debug]', 'exporters: [otlp]', 'otlp is not configured'],
    ['verbosity: detailed', 'verbosity: full', 'verbosity level unknown'],
    ['RISK_TOKEN', 'TOKEN', 'no token'],
  ])('%s is not %s', (part, instead, says) => {
    expect(yaml).toContain(part)
    expect(() => parseCollectorConfig(yaml.replace(part, instead), { RISK_TOKEN: 't' })).toThrow(says)
  })
})

describe('a page that is followed', () => {
  test('has no block that nobody takes, and no placeholder that nobody knows', () => {
    const steps = new PageSteps('elastic')
    expect(steps.left().length).toBeGreaterThan(3)
    expect(() => steps.block('no such text')).toThrow('no block has')
    expect(() => steps.block('Authorization')).toThrow('several blocks have')
    expect(() => steps.needsProduct('FROM logs-entra_risk.identity-*', 'KQL')).toThrow(
      'says nothing about KQL',
    )
    expect(() => steps.settings({})).toThrow('a placeholder is left in https://<cluster>/_bulk')
    expect(() => steps.settings({ instead: { '<cluster>': 'es' } })).toThrow(
      'the vault has no elastic-api-key',
    )
  })
})

test.each(readdirSync('docs/siem'))('%s says last what was not tried', (page) => {
  const headings = readFileSync(join('docs/siem', page), 'utf8').match(/^## .*$/gm)
  expect(headings?.at(-1)).toBe('## What was not tried')
})
