import { describe, expect, it } from 'vitest'
import { PLAYBOOKS } from '../../../../infra/sentinel/solution/playbook-actions.ts'
import type { EmulatedGraph } from '../../../../local/emulators/graph/graph.ts'
import { seed } from '../../../../local/emulators/graph/seed.ts'
import { SEEDED } from '../../../../local/emulators/graph/seed-names.ts'
import { start } from '../../../local/emulators/graph/graph-under-test.ts'
import {
  alert,
  chosen,
  incident,
  type Logs,
  type PlaybookRun,
  playbookCalled,
  runPlaybook,
} from './playbook-world.ts'

const { buildPipeline, payrollApi, telemetryRelay, expenseAssistant } = SEEDED
const about = (id: string) => incident({ ServicePrincipalId: [id] })

async function seeded(): Promise<EmulatedGraph> {
  const graph = await start()
  seed(graph.tenant)
  return graph
}

const paths = ({ graph }: PlaybookRun) =>
  graph.map(({ method, uri }) => `${method} ${decodeURIComponent(new URL(uri).pathname)}`)
const credentials = (graph: EmulatedGraph, set: 'applications' | 'servicePrincipals', id: string) => {
  const object = graph.tenant.get(set, id) ?? { id }
  return ['passwordCredentials', 'keyCredentials'].flatMap((property) =>
    (object[property] as readonly { readonly keyId: string }[]).map(({ keyId }) => keyId),
  )
}
/** Somebody with a mail address, which the seeded people have none of. */
const mailed = (graph: EmulatedGraph, set: 'owners' | 'sponsors', identityId: string, mail: string): void =>
  graph.tenant.putChildren(set, identityId, { '@odata.type': '#microsoft.graph.user', id: mail, mail })
const excepted =
  (...ids: readonly string[]): Logs =>
  (query) =>
    query.includes('EntraWorkloadExceptions') ? ids.map((id) => [id]) : []

describe('what a playbook does', () => {
  it('disables a service principal', async () => {
    const graph = await seeded()
    const run = await runPlaybook(playbookCalled('Disable'), graph, about(payrollApi.id))
    expect(run.graph).toMatchObject([{ method: 'PATCH', body: { accountEnabled: false } }])
    expect(graph.tenant.get('servicePrincipals', payrollApi.id)).toMatchObject({ accountEnabled: false })
    expect(run.comments).toEqual([`${payrollApi.id}: disabled.`])
  })

  it.each([
    ['Confirm', 'confirmCompromised', 'confirmedCompromised', 'confirmed as compromised'],
    ['Dismiss', 'dismiss', 'dismissed', 'dismissed'],
  ])('%ss risk', async (name, action, state, did) => {
    const graph = await seeded()
    const run = await runPlaybook(playbookCalled(name), graph, about(payrollApi.id))
    expect(paths(run)).toEqual([`POST /v1.0/identityProtection/riskyServicePrincipals/${action}`])
    expect(graph.tenant.get('riskyServicePrincipals', payrollApi.id)).toMatchObject({ riskState: state })
    expect(run.comments).toEqual([`${payrollApi.id}: ${did}.`])
  })

  it('removes the leaked secret and leaves the others', async () => {
    const graph = await seeded()
    const before = credentials(graph, 'applications', buildPipeline.objectId)
    expect(before).toContain(buildPipeline.leakedKeyId)
    const run = await runPlaybook(playbookCalled('Remove'), graph, about(buildPipeline.id))
    expect(credentials(graph, 'applications', buildPipeline.objectId)).toEqual(
      before.filter((keyId) => keyId !== buildPipeline.leakedKeyId),
    )
    expect(run.comments).toHaveLength(1)
    expect(run.comments[0]).toContain('1 secrets and 0 certificates of the application')
    expect(run.graph.filter(({ method }) => method !== 'GET')).toMatchObject([
      { method: 'POST', body: { keyId: buildPipeline.leakedKeyId } },
    ])
  })

  it('removes a leaked certificate and keeps the others', async () => {
    const graph = await seeded()
    const [detection] = graph.tenant
      .all('servicePrincipalRiskDetections')
      .filter((d) => d['servicePrincipalId'] === buildPipeline.id)
    graph.tenant.change('servicePrincipalRiskDetections', detection?.id ?? '', {
      keyIds: [buildPipeline.certificateKeyId.toUpperCase()],
    })
    const before = credentials(graph, 'applications', buildPipeline.objectId)
    const run = await runPlaybook(playbookCalled('Remove'), graph, about(buildPipeline.id))
    expect(run.comments[0]).toContain('0 secrets and 1 certificates of the application')
    expect(credentials(graph, 'applications', buildPipeline.objectId)).toEqual(
      before.filter((keyId) => keyId !== buildPipeline.certificateKeyId),
    )
  })

  it('removes nothing where nothing leaked, and nothing of an application of another tenant', async () => {
    const graph = await seeded()
    const nothing = await runPlaybook(playbookCalled('Remove'), graph, about(payrollApi.id))
    expect(nothing.comments[0]).toMatch(/removed leaked credentials: 0 secrets and 0 .* 0 secrets and 0 /)
    const foreign = await runPlaybook(playbookCalled('Remove'), graph, about(telemetryRelay.id))
    expect([...nothing.graph, ...foreign.graph].filter(({ method }) => method !== 'GET')).toEqual([])
    expect(foreign.comments).toHaveLength(1)
  })

  it('writes to owners, and to those of the watchlist, each once', async () => {
    const graph = await seeded()
    mailed(graph, 'owners', buildPipeline.id, 'ines@halden.example')
    const listed: Logs = (query) =>
      query.includes('EntraWorkloadOwners') ? [['team@halden.example'], ['ines@halden.example']] : []
    const run = await runPlaybook(playbookCalled('Notify'), graph, about(buildPipeline.id), { logs: listed })
    expect(run.mails).toMatchObject([
      {
        method: 'POST',
        uri: 'https://graph.microsoft.com/v1.0/users/soc@halden.example/sendMail',
        body: {
          saveToSentItems: true,
          message: {
            subject: 'Security incident about build-pipeline',
            body: { contentType: 'Text' },
            toRecipients: expect.arrayContaining([
              { emailAddress: { address: 'team@halden.example' } },
              { emailAddress: { address: 'ines@halden.example' } },
            ]),
          },
        },
      },
    ])
    expect(run.mails[0]?.body).toHaveProperty('message.toRecipients.length', 2)
    expect(run.comments[0]).toMatch(/^\S+: wrote to .*ines@halden\.example/)
  })

  it('writes to the sponsors of an agent, and says where nobody is known', async () => {
    const graph = await seeded()
    mailed(graph, 'sponsors', expenseAssistant.id, 'jon@halden.example')
    const agent = await runPlaybook(playbookCalled('Notify'), graph, about(expenseAssistant.id))
    expect(agent.comments).toEqual([`${expenseAssistant.id}: wrote to jon@halden.example.`])
    const nobody = await runPlaybook(playbookCalled('Notify'), graph, about(telemetryRelay.id))
    expect(nobody.comments).toEqual([
      `${telemetryRelay.id}: no owner or sponsor with a mail address is known.`,
    ])
    expect(nobody.mails).toEqual([])
  })

  it('attaches the investigation, and asks Graph for nothing', async () => {
    const graph = await seeded()
    const logs: Logs = () => [['<b>build-pipeline</b>, application x: high, atRisk']]
    const run = await runPlaybook(playbookCalled('Attach'), graph, about(buildPipeline.id), { logs })
    expect(run.queries).toHaveLength(1)
    expect(run.queries[0]).toContain(`let identityId = '${buildPipeline.id}';`)
    expect(run.comments).toEqual([
      `Investigation of ${buildPipeline.id}:<br><b>build-pipeline</b>, application x: high, atRisk`,
    ])
    expect(run.graph).toEqual([])
  })
})

describe('a playbook of a chosen account', () => {
  it.each([
    ['Disable-EntraWorkloadIdentity-Entity', 'disabled'],
    ['Confirm-EntraWorkloadCompromised-Entity', 'confirmed as compromised'],
    ['Dismiss-EntraWorkloadRisk-Entity', 'dismissed'],
  ])('%s acts on it, but not on a person or an exception', async (name, did) => {
    const graph = await seeded()
    const run = await runPlaybook(playbookCalled(name), graph, chosen(payrollApi.id))
    expect(run.comments).toEqual([`${payrollApi.id}: ${did}.`])
    const person = await runPlaybook(playbookCalled(name), graph, chosen(SEEDED.inesVarga))
    expect(person.comments[0]).toMatch(new RegExp(`^${SEEDED.inesVarga}: not ${did}\\. \\w`))
    const logs = excepted(buildPipeline.id)
    const exception = await runPlaybook(playbookCalled(name), graph, chosen(buildPipeline.id), { logs })
    expect(exception.graph).toEqual([])
  })
})

describe('a playbook that an alert starts', () => {
  const ofAlerts = PLAYBOOKS.filter((p) => p.name.endsWith('-Alert'))
  it('is there for each that an incident starts, with the same permissions', () => {
    const ofIncidents = PLAYBOOKS.filter((p) => !/-(?:Alert|Entity)$/.test(p.name))
    expect(ofAlerts.map((p) => [p.name, p.permissions])).toEqual(
      ofIncidents.map((p) => [`${p.name}-Alert`, p.permissions]),
    )
  })

  it.each(ofAlerts.map((p) => [p.name, p] as const))(
    '%s says in the incident of the alert what it did to its identity',
    async (_, p) => {
      const graph = await seeded()
      const run = await runPlaybook(p, graph, alert({ ServicePrincipalId: [buildPipeline.id] }))
      expect(run.comments).toHaveLength(1)
      expect(run.comments[0]).toContain(buildPipeline.id)
      const person = await runPlaybook(p, graph, alert({ Actor: [SEEDED.inesVarga] }))
      expect([person.graph, person.comments]).toEqual([[], []])
    },
  )

  it('passes over an exception', async () => {
    const graph = await seeded()
    const logs = excepted(buildPipeline.id)
    const trigger = alert({ ServicePrincipalId: [buildPipeline.id] })
    const run = await runPlaybook(playbookCalled('Disable-EntraWorkloadIdentity-Alert'), graph, trigger, {
      logs,
    })
    expect(run.graph).toEqual([])
    expect(run.comments[0]).toContain('did nothing to it')
  })

  it('acts without an incident too, and its run fails because it can say so nowhere', async () => {
    const graph = await seeded()
    const playbook = playbookCalled('Disable-EntraWorkloadIdentity-Alert')
    const run = await runPlaybook(
      playbook,
      graph,
      alert({ ServicePrincipalId: [payrollApi.id] }, 'no incident yet'),
    )
    expect(graph.tenant.get('servicePrincipals', payrollApi.id)).toMatchObject({ accountEnabled: false })
    expect(run.comments).toEqual([])
    expect(run.workflow.statuses.get('Done')).toBe('Failed')
  })
})

const acting = PLAYBOOKS.filter((p) => !/^Attach|-(?:Entity|Alert)$/.test(p.name))

describe('every playbook that acts', () => {
  it.each(acting.map((p) => [p.name, p] as const))(
    '%s passes over an exception and says so',
    async (_, p) => {
      const graph = await seeded()
      const both = incident(
        { ServicePrincipalId: [buildPipeline.id] },
        { ServicePrincipalId: [payrollApi.id] },
      )
      const run = await runPlaybook(p, graph, both, { logs: excepted(buildPipeline.id) })
      expect(JSON.stringify(run.graph)).not.toContain(buildPipeline.id)
      expect(run.comments).toContain(
        `${buildPipeline.id} is in the watchlist EntraWorkloadExceptions: the playbook did nothing to it.`,
      )
      expect(run.comments.filter((c) => c.startsWith(`${payrollApi.id}: `))).toHaveLength(1)
    },
  )

  it.each(acting.map((p) => [p.name, p] as const))(
    '%s does nothing where the exceptions are unknown',
    async (_, p) => {
      const graph = await seeded()
      const run = await runPlaybook(p, graph, about(buildPipeline.id), { logs: () => undefined })
      expect(run.graph).toEqual([])
      expect(run.comments).toEqual([
        'The watchlist EntraWorkloadExceptions could not be read, so the playbook did nothing.',
      ])
    },
  )

  it.each(acting.map((p) => [p.name, p] as const))(
    '%s acts once on an identity of two alerts, never on accounts',
    async (_, p) => {
      const graph = await seeded()
      const twice = incident(
        { ServicePrincipalId: [buildPipeline.id.toUpperCase()] },
        {
          ServicePrincipalId: [
            buildPipeline.id,
            '',
            "' or true // and as long as an id is",
            'a/../b?c=d, as long as an id has to ',
          ],
        },
        {},
      )
      const run = await runPlaybook(p, graph, twice)
      expect(run.comments).toHaveLength(1)
      const none = await runPlaybook(p, graph, incident({}))
      expect([none.graph, none.comments]).toEqual([[], []])
    },
  )
})

describe('permissions', () => {
  /** Permissions that the emulator checks, each with an identity that needs it. */
  const NEEDED = [
    ['Disable', 'Application.ReadWrite.All', payrollApi.id],
    ['Confirm', 'IdentityRiskyServicePrincipal.ReadWrite.All', payrollApi.id],
    ['Dismiss', 'IdentityRiskyServicePrincipal.ReadWrite.All', payrollApi.id],
    ['Remove', 'Application.ReadWrite.All', buildPipeline.id],
    ['Remove', 'IdentityRiskEvent.Read.All', buildPipeline.id],
    ['Notify', 'Mail.Send', buildPipeline.id],
  ] as const

  it.each([
    ['Application.Read.All', 'owners', buildPipeline.id],
    ['User.ReadBasic.All', 'owners', buildPipeline.id],
    ['AgentIdentity.Read.All', 'sponsors', expenseAssistant.id],
  ] as const)('Notify finds nobody without %s', async (missing, set, id) => {
    const graph = await seeded()
    mailed(graph, set, id, 'somebody@halden.example')
    const playbook = playbookCalled('Notify')
    const permissions = playbook.permissions.filter((permission) => permission !== missing)
    const run = await runPlaybook(playbook, graph, about(id), { permissions })
    expect(run.comments).toEqual([`${id}: no owner or sponsor with a mail address is known.`])
  })

  it.each(NEEDED)('%s needs %s, and says that it is missing', async (name, missing, id) => {
    const graph = await seeded()
    mailed(graph, 'owners', buildPipeline.id, 'ines@halden.example')
    const playbook = playbookCalled(name)
    const permissions = playbook.permissions.filter((permission) => permission !== missing)
    const run = await runPlaybook(playbook, graph, about(id), { permissions })
    expect(run.comments).toHaveLength(1)
    expect(run.comments[0]).toMatch(/: (?:not |could not |the leaked credentials were not)/)
    expect(run.comments[0]).toMatch(/required scopes|Insufficient privileges|Access is denied/)
  })
})
