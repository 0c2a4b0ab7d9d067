import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type EventHubEmulator, startEventHubEmulator } from '../../local/emulators/event-hubs/emulator.ts'
import { type EmulatedGraph, startGraph } from '../../local/emulators/graph/graph.ts'
import type { LoggedRequest } from '../../local/emulators/graph/request-log.ts'
import { seed } from '../../local/emulators/graph/seed.ts'
import type { ManagedIdentity } from '../../local/emulators/managed-identity/managed-identity.ts'
import { createLocalAuthority, type LocalAuthority } from '../../local/emulators/tls/local-authority.ts'
import { writeConnectionFile } from '../../local/stack/connection-file.ts'
import { LOCAL_OPERATOR_ID } from '../../shared/config/local-connection.ts'
import { needsOf } from '../../shared/graph/respond/needs.ts'
import { RESPONSE_ACTIONS } from '../../shared/graph/respond/response-action.ts'
import { NAME_PERMISSIONS } from '../../shared/graph/responsible-names.ts'
import { riskCollections } from '../../shared/graph/risk-collections.ts'
import { appSettings } from '../support/app-settings.ts'
import { HUB } from '../support/ingest-world.ts'
import { type CliOptions, cli, newFolder, type Said } from './cli-under-test.ts'
import { processIdentity } from './process-identity.ts'

export const ALL = RESPONSE_ACTIONS.flatMap((name) => needsOf(name, true)).map(({ permission }) => permission)

/** What reports and names of owners take. */
const READING = [...riskCollections(true).map(({ permission }) => permission), ...NAME_PERMISSIONS]

/** A seeded Graph, a hub, an operator who may do everything, and a clock that waiting moves. */
export interface Responding {
  readonly graph: EmulatedGraph
  readonly hub: EventHubEmulator
  /** Runs `respond … --local`, with a reason and, unless somebody answers, `--yes`. */
  respond(words: readonly string[], options?: CliOptions & { readonly bare?: boolean }): Promise<Said>
  /** Runs any command, with `--local`. */
  run(words: readonly string[], options?: CliOptions): Promise<Said>
  /** The settings that the command finds are these from now on. */
  setEnvironment(changes: Readonly<Record<string, string>>): Promise<void>
  /** Requests that change something. */
  writes(): readonly LoggedRequest[]
  /** Records on the hub since the test began. */
  records(): readonly Record<string, unknown>[]
}

export const REASON = 'Leaked in a public repository'

/** To be called once in a test file; what it gives is there within tests. */
export function responding(): Responding {
  let clockMs = Date.UTC(2026, 8, 20, 12)
  let authority: LocalAuthority
  let identity: ManagedIdentity
  let temporaryFolder = ''
  let seen = 0
  let graph: EmulatedGraph
  let hub: EventHubEmulator

  const onHub = () => [...hub.messages(HUB)]

  async function setEnvironment(changes: Readonly<Record<string, string>>): Promise<void> {
    await writeConnectionFile(
      {
        ...(appSettings({ connectionString: 'UseDevelopmentStorage=true' }, 'https://siem.example') as Record<
          string,
          string
        >),
        EVENT_HUB_NAME: HUB,
        EventHub: hub.connectionString(HUB),
        GRAPH_ENDPOINT: graph.url,
        RESOURCE_MANAGER_ENDPOINT: graph.url,
        GRAPH_INCLUDE_AGENTS: 'true',
        WEBHOOK_CA_PEM: authority.caPem,
        IDENTITY_ENDPOINT: identity.url,
        IDENTITY_HEADER: identity.header,
        ...changes,
      },
      temporaryFolder,
    )
  }

  const runLocal = (words: readonly string[], options: CliOptions = {}): Promise<Said> =>
    cli([...words, '--local'], {
      temporaryFolder,
      onVariables: (variables) => Object.assign(process.env, variables),
      nowMs: () => clockMs,
      async sleep(ms) {
        clockMs += ms
      },
      ...options,
    })

  beforeAll(async () => {
    temporaryFolder = await newFolder()
    const nowMs = () => Date.now()
    ;[authority, hub, identity] = await Promise.all([
      createLocalAuthority(),
      startEventHubEmulator({ hubs: [{ name: HUB, partitions: 1 }], nowMs }),
      processIdentity(),
    ])
  })
  beforeEach(async () => {
    graph = await startGraph({
      authority,
      principals: [
        {
          id: LOCAL_OPERATOR_ID,
          holds: (token) => identity.isValid(token, graph.url, LOCAL_OPERATOR_ID),
          permissions: [...ALL, ...READING],
        },
      ],
      nowMs: () => clockMs,
    })
    seed(graph.tenant)
    seen = onHub().length
    await setEnvironment({})
    return async () => {
      await graph.stop()
    }
  })
  afterAll(async () => {
    delete process.env['IDENTITY_ENDPOINT']
    delete process.env['IDENTITY_HEADER']
    await hub.stop()
  })

  return {
    get graph() {
      return graph
    },
    get hub() {
      return hub
    },
    setEnvironment,
    run: runLocal,
    respond(words, { bare = false, ...options } = {}) {
      const yes = options.confirm === undefined ? ['--yes'] : []
      return runLocal(['respond', ...words, ...(bare ? [] : ['--reason', REASON, ...yes])], options)
    },
    writes: () => graph.log().filter(({ method }) => method !== 'GET'),
    records: () =>
      onHub()
        .slice(seen)
        .flatMap(({ body }) => JSON.parse(String(body)).records),
  }
}
