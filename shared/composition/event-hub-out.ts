import type { TokenCredential } from '@azure/identity'
import { namespaceHost, withEntityPath } from '../config/connection-string.ts'
import {
  type EventHubOutFormat,
  type EventHubOutSettings,
  eventHubOutProblems,
} from '../config/event-hub-out-settings.ts'
import { EVENT_HUB_SINK } from '../config/sinks-declared.ts'
import type { Sink } from '../delivery/sink.ts'
import { memo } from '../pipeline/memo.ts'
import { eventHubSink } from '../sinks/event-hub/sink.ts'
import { brokenSink } from '../sinks/webhook/broken-sink.ts'
import { encodeEvent } from '../sinks/webhook/encode-event.ts'
import { cefEvent } from '../sinks/webhook/formats/cef/cef-event.ts'
import { cloudEvent } from '../sinks/webhook/formats/cloudevents/cloud-event.ts'
import { jsonEvent } from '../sinks/webhook/formats/json/json-event.ts'
import { ocsfEvent } from '../sinks/webhook/formats/ocsf/ocsf-event.ts'
import { FRAMINGS } from '../sinks/webhook/framing.ts'
import { redactor } from '../sinks/webhook/redact.ts'
import type { EventEncoder } from '../sinks/webhook/webhook-format.ts'

interface MessageForm {
  readonly encoder: EventEncoder
  readonly contentType: string
}

const FORMS: Readonly<Record<EventHubOutFormat, MessageForm>> = {
  cloudevents: { encoder: cloudEvent, contentType: 'application/cloudevents+json' },
  json: { encoder: jsonEvent, contentType: 'application/json' },
  ocsf: { encoder: ocsfEvent, contentType: 'application/json' },
  cef: { encoder: cefEvent, contentType: 'text/plain' },
}

/** The client does not retry: whether and when to is decided for all sinks alike. */
const RETRY = { maxRetries: 0, timeoutInMs: 15_000 }

/** The hub that events are sent to, as a sink; where it cannot be set up, one that says so. */
export function eventHubOut(settings: EventHubOutSettings, credential: () => Promise<TokenCredential>): Sink {
  const { name, namespace = '', connectionString, format } = settings
  const [problem, ...others] = eventHubOutProblems(settings)
  if (problem !== undefined) return brokenSink(EVENT_HUB_SINK, [problem, ...others])
  const producer = memo(async () => {
    const { EventHubProducerClient } = await import('@azure/event-hubs')
    return connectionString === undefined
      ? new EventHubProducerClient(namespace, name, await credential(), { retryOptions: RETRY })
      : new EventHubProducerClient(withEntityPath(connectionString, name), { retryOptions: RETRY })
  })
  const { encoder, contentType } = FORMS[format]
  const redact = redactor(settings.redactions, settings.redactKey)
  return eventHubSink({
    name: EVENT_HUB_SINK,
    host: connectionString === undefined ? namespace : namespaceHost(connectionString),
    producer,
    contentType,
    encode: (archived, maxBytes) =>
      encodeEvent(
        { encoder, framing: FRAMINGS.single, maxBytes, redact, settingsPrefix: 'EVENT_HUB_OUT_' },
        archived,
      ),
  })
}
