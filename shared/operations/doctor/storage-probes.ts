import type { AzureClients } from '../../azure/azure-clients.ts'
import { WAKE_UP_QUEUE } from '../../delivery/outbox/wake-up-queue.ts'
import { CONTEXT_QUEUE } from '../../graph/context-requests/context-queue.ts'
import { CONTEXT_TABLE } from '../../graph/context-requests/context-table.ts'
import { CHECKPOINT_CONTAINER } from '../status/partition-lag.ts'
import type { Probe } from './diagnose.ts'
import { type StorageTrial, tryStorage } from './storage-verdict.ts'

/** Tables of the host account. */
const TABLES = ['outbox', 'settled'] as const
/** Containers of the archive account. */
const CONTAINERS = ['archive', 'receipts', 'deadletters'] as const
/** No blob has this tag: a write conditional on it is authorised, and writes nothing. */
const NOBODYS_TAG = '"0x0000000000000000"'
const PROBE = 'risk-export-doctor'
/** No message has this id. A wrong receipt is only evaluated if messages may be deleted. */
const NO_MESSAGE = '00000000-0000-4000-8000-000000000000'
const REFUSED_MESSAGE = ['MessageNotFound', 'PopReceiptMismatch', 'InvalidQueryParameterValue']

const READ = 'Storage Blob Data Reader'
const WRITE = 'Storage Blob Data Contributor'

function archiveProbes(clients: AzureClients, isApp: boolean): readonly Probe[] {
  return CONTAINERS.flatMap((name): readonly Probe[] => {
    const what = `container ${name}`
    // Operators write markers among the dead letters; only the app writes anything else.
    const whenForbidden = isApp || name === 'deadletters' ? 'fail' : 'warn'
    return [
      {
        area: 'archive account',
        name: what,
        run: async (abortSignal) => {
          const container = await clients.container(name)
          const trial = { what, role: READ, whenForbidden: 'fail' } as const
          return tryStorage(
            trial,
            () => container.getProperties({ abortSignal }),
            'It exists and can be read.',
          )
        },
      },
      {
        area: 'archive account',
        name: `${what}, writing`,
        run: async (abortSignal) => {
          const blob = (await clients.container(name)).getBlockBlobClient(PROBE)
          const conditions = { ifMatch: NOBODYS_TAG }
          const work = () => blob.upload('', 0, { abortSignal, conditions })
          return tryStorage({ what, role: WRITE, whenForbidden }, work, 'Writing is allowed.', [
            'ConditionNotMet',
            'BlobNotFound',
          ])
        },
      },
    ]
  })
}

function tableProbes(clients: AzureClients, isApp: boolean, names: readonly string[]): readonly Probe[] {
  return names.flatMap((name): readonly Probe[] => {
    const what = `table ${name}`
    const reading: StorageTrial = { what, role: 'Storage Table Data Reader', whenForbidden: 'fail' }
    // Operators queue again in the outbox; only the app writes anything else.
    const whenForbidden = isApp || name === 'outbox' ? 'fail' : 'warn'
    const writing: StorageTrial = { what, role: 'Storage Table Data Contributor', whenForbidden }
    return [
      {
        area: 'host account',
        name: what,
        run: async (abortSignal) => {
          const table = await clients.table(name)
          const work = async () => {
            for await (const _ of table.listEntities({ abortSignal }).byPage({ maxPageSize: 1 })) return
          }
          return tryStorage(reading, work, 'It exists and can be read.')
        },
      },
      {
        area: 'host account',
        name: `${what}, writing`,
        run: async (abortSignal) => {
          const table = await clients.table(name)
          const work = () => table.deleteEntity(PROBE, PROBE, { abortSignal })
          return tryStorage(writing, work, 'Writing is allowed.', ['ResourceNotFound'])
        },
      },
    ]
  })
}

function queueProbe(clients: AzureClients, isApp: boolean, name: string): Probe {
  const what = `queue ${name}`
  return {
    area: 'host account',
    name: what,
    run: async (abortSignal) => {
      const queue = await clients.queue(name)
      const whenForbidden = isApp ? 'fail' : 'warn'
      const trial: StorageTrial = { what, role: 'Storage Queue Data Contributor', whenForbidden }
      const work = () => queue.deleteMessage(NO_MESSAGE, 'AAAA', { abortSignal })
      return tryStorage(trial, work, 'It exists, and messages can be received.', REFUSED_MESSAGE)
    },
  }
}

function poisonProbe(clients: AzureClients): Probe {
  const poison = `${WAKE_UP_QUEUE}-poison`
  return {
    area: 'host account',
    name: `queue ${poison}`,
    run: async (abortSignal) => {
      const queue = await clients.queue(poison)
      const { approximateMessagesCount = 0 } = await queue.getProperties({ abortSignal })
      return approximateMessagesCount === 0
        ? { level: 'ok', says: 'It is empty.' }
        : {
            level: 'warn',
            says: `About ${approximateMessagesCount} messages that the host gave up on.`,
            fix: 'The function "poison" moves them to the dead letters; check its log if they stay.',
          }
    },
  }
}

const checkpointProbe = (clients: AzureClients): Probe => ({
  area: 'host account',
  name: `container ${CHECKPOINT_CONTAINER}`,
  run: async (abortSignal) => {
    const container = await clients.hostContainer(CHECKPOINT_CONTAINER)
    const trial = { what: 'host storage account', role: READ, whenForbidden: 'fail' } as const
    let isThere = true
    const work = async () => {
      isThere = await container.exists({ abortSignal })
    }
    const verdict = await tryStorage(trial, work, 'Checkpoints can be read.')
    return verdict.level !== 'ok' || isThere
      ? verdict
      : {
          level: 'warn',
          says: 'There are no checkpoints yet.',
          fix: 'The app writes them with its first batch: check that it runs.',
        }
  },
})

/**
 * Probes all storage; the right to write is checked without writing anything.
 * @param readsContext whether the app reads the contexts of identities
 */
export const storageProbes = (
  clients: AzureClients,
  isApp: boolean,
  readsContext: boolean,
): readonly Probe[] => [
  ...tableProbes(clients, isApp, readsContext ? [...TABLES, CONTEXT_TABLE] : TABLES),
  queueProbe(clients, isApp, WAKE_UP_QUEUE),
  poisonProbe(clients),
  ...(readsContext ? [queueProbe(clients, isApp, CONTEXT_QUEUE)] : []),
  checkpointProbe(clients),
  ...archiveProbes(clients, isApp),
]
