import { readFileSync } from 'node:fs'
import { EventHubConsumerClient, earliestEventPosition, type ReceivedEventData } from '@azure/event-hubs'
import { startEventHubEmulator } from '../../../../local/emulators/event-hubs/emulator.ts'
import { propertiesOfType } from '../../bicep/declarations.ts'
import { parseCef } from '../../parse-cef.ts'
import type { Followed } from '../followed.ts'
import { parseMembers, unknownMembers } from '../members.ts'
import { PageSteps } from '../page-steps.ts'

const cefOf = ({ body }: ReceivedEventData) => parseCef(Buffer.from(body as Uint8Array).toString())

/** The parameter of the deployment, as written on the page. */
function checkParameter(written: string, hub: string, namespace: string): void {
  const [, text = ''] = /^eventHubOut='(.+)'\n$/.exec(written) ?? []
  const parameter = parseMembers(text) ?? {}
  const known = propertiesOfType(readFileSync('infra/modules/types.bicep', 'utf8'), 'eventHubOutOptions')
  const unknown = unknownMembers(parameter, known)
  if (unknown.length > 0 || !known.includes('connectionString')) throw new Error(`no parameters: ${unknown}`)
  if (parameter['name'] !== hub || parameter['namespaceHost'] !== namespace)
    throw new Error('the parameter is about another hub than the settings')
}

/** Follows the page of QRadar by the way that crosses tenants: connection string, CEF, official client. */
export async function followQradar(): Promise<Followed> {
  const steps = new PageSteps('qradar')
  const hub = 'risk-events'
  const emulator = await startEventHubEmulator({ hubs: [{ name: hub, partitions: 2 }], nowMs: Date.now })
  const { EVENT_HUB_OUT_NAMESPACE: namespace = '', ...settings } = steps.settings({
    vault: { 'event-hub-out': emulator.connectionString(hub) },
    chosen: { EVENT_HUB_OUT_FORMAT: 'cef' },
  })
  checkParameter(steps.block('eventHubOut='), settings['EVENT_HUB_OUT_NAME'] ?? '', namespace)
  steps.needsProduct('LAST 15 MINUTES', 'AQL')
  steps.needsProduct('LAST 1 HOURS', 'AQL')
  const received: ReceivedEventData[] = []
  const errors: string[] = []
  const reader = new EventHubConsumerClient('$Default', emulator.connectionString(hub))
  const reading = reader.subscribe(
    {
      processEvents: async (events) => {
        received.push(...events)
      },
      processError: async ({ message }) => {
        errors.push(message)
      },
    },
    { startPosition: earliestEventPosition, skipParsingBodyAsJson: true },
  )
  return {
    name: 'event-hub',
    steps,
    settings,
    arrived: () =>
      received.map((message) => {
        const { externalId = '', event = '' } = cefOf(message).extensions
        return { eventId: externalId, kind: String(parseMembers(event)?.['kind']) }
      }),
    problems: () => [
      ...errors,
      ...received
        .filter((message) => message.messageId !== cefOf(message).extensions['externalId'])
        .map(({ messageId }) => `${String(messageId)} is not the id of its event`),
    ],
    stop: async () => {
      await reading.close()
      await reader.close()
      await emulator.stop()
    },
  }
}
