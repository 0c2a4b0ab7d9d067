import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Followed, World } from '../followed.ts'
import { isObject } from '../members.ts'
import { PageSteps } from '../page-steps.ts'
import { runShell } from '../run-shell.ts'
import { startSplunkServer } from './splunk-server.ts'

const ADMIN = 'an-administrators-token'

/** Follows the page of Splunk up to its settings. */
export async function followSplunk({ authority, hosts, caFile, folder }: World): Promise<Followed> {
  const steps = new PageSteps('splunk')
  const server = await startSplunkServer(await authority.issue(hosts), ADMIN)
  const made = await runShell(steps.block('useACK=0'), '.', {
    SPLUNK: server.management,
    KEY: ADMIN,
    CURL_CA_BUNDLE: caFile,
  })
  const [, token = ''] = /"token":"([^"]+)"/.exec(made) ?? []
  mkdirSync(join(folder, 'etc', 'apps'), { recursive: true })
  await runShell(steps.block('$SPLUNK_HOME'), '.', { SPLUNK_HOME: folder })
  if (!existsSync(join(folder, 'etc/apps/TA-entra-risk-export/default/props.conf')))
    throw new Error('the add-on is not where Splunk looks')
  steps.needsProduct('index=entra_risk', 'SPL')
  steps.needsProduct('_index_earliest', 'SPL')
  return {
    name: 'splunk',
    steps,
    settings: steps.settings({
      instead: { '<collector>:8088': new URL(server.collector).host },
      vault: { 'splunk-token': token },
    }),
    arrived: () =>
      server.events.map(({ event }) => {
        const { eventId = '', kind = '' } = isObject(event) ? event : {}
        return { eventId: String(eventId), kind: String(kind) }
      }),
    problems: () =>
      server.events
        .filter(
          ({ index, sourcetype }) => index !== 'entra_risk' || !String(sourcetype).startsWith('entra_risk:'),
        )
        .map((event) => JSON.stringify(event).slice(0, 200)),
    stop: () => server.stop(),
  }
}
