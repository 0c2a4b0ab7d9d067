import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createLocalAuthority,
  LOCAL_HOSTS,
  type LocalAuthority,
} from '../../../local/emulators/tls/local-authority.ts'
import { encoded } from '../../contract/sink-fixture.ts'
import { apiKey, never, splunkToken, webhook } from '../../sinks/webhook/webhook-under-test.ts'
import { detection } from '../../support/archived-events.ts'
import { hasTools } from '../../support/shell-tools.ts'
import { type ElasticCluster, startElasticCluster } from '../../support/siem-pages/elastic/elastic-cluster.ts'
import { type Kibana, startKibana } from '../../support/siem-pages/elastic/kibana.ts'
import { PageSteps } from '../../support/siem-pages/page-steps.ts'
import { runShell } from '../../support/siem-pages/run-shell.ts'
import { type SplunkServer, startSplunkServer } from '../../support/siem-pages/splunk/splunk-server.ts'

const KEY = 'of-an-administrator'
const folder = mkdtempSync(join(tmpdir(), 'risk-export-stand-ins-'))
let authority: LocalAuthority
let given: Readonly<Record<string, string>> = {}
const stops: (() => Promise<void>)[] = []

beforeAll(async () => {
  authority = await createLocalAuthority()
  const caFile = join(folder, 'ca.pem')
  writeFileSync(caFile, authority.caPem)
  given = { KEY, CURL_CA_BUNDLE: caFile }
})
afterAll(async () => {
  for (const stop of stops) await stop()
  rmSync(folder, { recursive: true })
})

/** What a command of a page was answered, once the page has an error in it. */
const answered = (script: string, where: string, env: Readonly<Record<string, string>>): Promise<string> =>
  runShell(script, where, { ...given, ...env }).then(
    (printed) => `taken: ${printed}`,
    (error: { stdout?: string; stderr?: string }) => `${error.stdout}${error.stderr}`,
  )

describe.skipIf(!hasTools('bash', 'curl'))('errors on the page of Elastic show', () => {
  let cluster: ElasticCluster
  let kibana: Kibana
  const install = () => new PageSteps('elastic').block('_index_template')
  beforeAll(async () => {
    const certificate = await authority.issue(LOCAL_HOSTS)
    cluster = await startElasticCluster(certificate, KEY)
    kibana = await startKibana(certificate, KEY)
    stops.push(cluster.stop, kibana.stop)
    cpSync('integrations/elastic', folder, { recursive: true })
  })

  test.each([
    ['no key', / -H "Authorization: [^"]+"/, '', 'security_exception'],
    ['another scheme', 'ApiKey', 'Bearer', 'security_exception'],
    ['no content type', " -H 'Content-Type: application/json'", '', 'media_type_header_exception'],
    ['another path', '_index_template', '_template', 'method_not_allowed'],
  ])('in a command: %s', async (_, part, instead, says) => {
    const script = install().replace(part, instead)
    expect(script).not.toBe(install())
    expect(await answered(script, folder, { ES: cluster.origin })).toContain(says)
  })

  test.each([
    ['index-template.json', '"priority"', '"prority"', 'unknown field [prority]'],
    ['index-template.json', '"priority": 300', '"priority": 100', 'existing templates'],
    ['index-template.json', '"match_only_text"', '"text_only"', 'No handler for type [text_only]'],
    ['index-template.json', '"ignore_above"', '"ignore_over"', 'unknown parameter [ignore_over]'],
    ['index-template.json', '"default_pipeline"', '"pipeline"', 'unknown setting [index.pipeline]'],
    ['ingest-pipeline.json', '"set"', '"sets"', 'No processor type exists with name [sets]'],
    ['ingest-pipeline.json', '"value"', '"values"', 'configuration parameters [values]'],
  ])('in %s: %s', async (file, part, instead, says) => {
    const text = readFileSync(join('integrations/elastic', file), 'utf8')
    writeFileSync(join(folder, file), text.replace(part, instead))
    const answer = await answered(install(), folder, { ES: cluster.origin })
    writeFileSync(join(folder, file), text)
    expect(answer).toContain(says)
  })

  test('in a request for a key, and in a key that may too little', async () => {
    const script = new PageSteps('elastic').block('_security/api_key')
    const ask = (change: (text: string) => string) => answered(change(script), folder, { ES: cluster.origin })
    expect(await ask((text) => text.replace('role_descriptors', 'roles'))).toContain(
      'role_descriptors are missing',
    )
    expect(await ask((text) => text.replace('create_doc', 'create_docs'))).toContain(
      'unknown index privilege',
    )
    await runShell(install(), folder, { ...given, ES: cluster.origin })
    const tried = async (change: (text: string) => string) => {
      const [, key = ''] = /"encoded":"([^"]+)"/.exec(await ask(change)) ?? []
      const sink = webhook({
        url: `${cluster.origin}/_bulk`,
        format: 'elastic-bulk',
        authentication: apiKey(key),
        secrets: [],
        caPem: authority.caPem,
      })
      const outcome = await sink.deliver(encoded(sink, detection('a')), never)
      await sink.close()
      return outcome
    }
    expect(await tried((text) => text)).toMatchObject({ status: 'delivered' })
    for (const change of [', "create_doc"', '"auto_configure", '])
      expect(await tried((text) => text.replace(change, ''))).toMatchObject({ fault: { status: 403 } })
    expect(await tried((text) => text.replace('entra_risk.*', 'other.*'))).toMatchObject({
      fault: { status: 403 },
    })
  })

  test.each([
    [" -H 'kbn-xsrf: true'", '', 'kbn-xsrf'],
    ['file=@', 'rules=@', 'request body.file'],
    ['@rules.ndjson', '@index-template.json', 'Invalid file extension'],
  ])('in the import of rules: %s', async (part, instead, says) => {
    const script = new PageSteps('elastic').block('rules/_import').replace(part, instead)
    expect(await answered(script, folder, { KIBANA: kibana.origin })).toContain(says)
  })

  test('in a rule', async () => {
    const text = readFileSync('integrations/elastic/rules.ndjson', 'utf8')
    writeFileSync(join(folder, 'rules.ndjson'), text.replace('"severity": "high"', '"severity": "severe"'))
    const script = new PageSteps('elastic').block('rules/_import')
    const answer = await answered(script, folder, { KIBANA: kibana.origin })
    expect(answer).toContain('"success":false')
    expect(answer).toContain('severity: Invalid')
  })
})

describe.skipIf(!hasTools('bash', 'curl'))('errors on the page of Splunk show', () => {
  let server: SplunkServer
  const script = new PageSteps('splunk').block('useACK=0')
  beforeEach(async () => {
    server = await startSplunkServer(await authority.issue(LOCAL_HOSTS), KEY)
    stops.push(server.stop)
  })

  test('once all of it is there', async () => {
    await runShell(script, '.', { ...given, SPLUNK: server.management })
    expect(await answered(script, '.', { SPLUNK: server.management })).toContain('already exists')
  })

  test.each([
    ['Bearer', 'Splunk', 'not properly authenticated'],
    ['services/data/indexes', 'services/indexes', 'Not Found'],
    ['-d index=entra_risk', '-d index=other', 'index=other does not exist'],
    ['useACK=0', 'useAck=0', 'is not supported'],
    ['useACK=0', 'useACK=1', 'acknowledgement is off'],
  ])('%s is not %s', async (part, instead, says) => {
    expect(await answered(script.replace(part, instead), '.', { SPLUNK: server.management })).toContain(says)
  })

  test('in what the app is given', async () => {
    const printed = await runShell(script, '.', { ...given, SPLUNK: server.management })
    const [, token = ''] = /"token":"([^"]+)"/.exec(printed) ?? []
    const deliver = async (splunkIndex: string, shown: string) => {
      const sink = webhook({
        url: `${server.collector}/services/collector/event`,
        format: 'splunk-hec',
        authentication: splunkToken(shown),
        secrets: [],
        splunkIndex,
        caPem: authority.caPem,
      })
      const outcome = await sink.deliver(encoded(sink, detection('a')), never)
      await sink.close()
      return outcome
    }
    expect(await deliver('entra_risk', token)).toMatchObject({ status: 'delivered' })
    expect(await deliver('main', token)).toMatchObject({ fault: { scope: 'sink' } })
    expect(await deliver('entra_risk', 'another')).toMatchObject({ fault: { status: 403 } })
  })
})
