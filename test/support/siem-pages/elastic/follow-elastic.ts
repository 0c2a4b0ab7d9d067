import type { Followed, World } from '../followed.ts'
import { parseMembers } from '../members.ts'
import { PageSteps } from '../page-steps.ts'
import { runShell } from '../run-shell.ts'
import { startElasticCluster } from './elastic-cluster.ts'
import { startKibana } from './kibana.ts'

const FOLDER = 'integrations/elastic'
const ADMIN = 'an-administrators-key'

/** Follows the page of Elastic up to its settings. */
export async function followElastic({ authority, hosts, caFile }: World): Promise<Followed> {
  const steps = new PageSteps('elastic')
  const cluster = await startElasticCluster(await authority.issue(hosts), ADMIN)
  const kibana = await startKibana(await authority.issue(hosts), ADMIN)
  const given = { ES: cluster.origin, KIBANA: kibana.origin, KEY: ADMIN, CURL_CA_BUNDLE: caFile }
  await runShell(steps.block('_index_template'), FOLDER, given)
  const key = parseMembers(await runShell(steps.block('_security/api_key'), FOLDER, given))
  const imported = parseMembers(await runShell(steps.block('rules/_import'), FOLDER, given))
  if (imported?.['success'] !== true) throw new Error(`not imported: ${JSON.stringify(imported)}`)
  steps.needsProduct('FROM logs-entra_risk.*', 'ES|QL')
  steps.needsProduct('FROM logs-entra_risk.identity-*', 'ES|QL')
  return {
    name: 'elastic',
    steps,
    settings: steps.settings({
      instead: { '<cluster>': new URL(cluster.origin).host },
      vault: { 'elastic-api-key': String(key?.['encoded']) },
    }),
    arrived: () =>
      [...cluster.documents].map(([id, document]) => ({
        eventId: id,
        kind: String((document['entra_risk'] as { kind?: string }).kind),
      })),
    problems: () => cluster.problems,
    stop: async () => {
      await cluster.stop()
      await kibana.stop()
    },
  }
}
