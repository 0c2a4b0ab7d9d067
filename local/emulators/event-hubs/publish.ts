import rhea from 'rhea'
import type { Hub } from './hub.ts'
import { standardMaxSendBytes } from './incoming-send.ts'
import type { MessagePosition } from './message-position.ts'
import { type EncodedMessage, readMessage } from './message-sections.ts'

export interface PublishTo {
  readonly partition?: string
  readonly partitionKey?: string
  /** Application properties of every message. */
  readonly properties?: Readonly<Record<string, string | number | boolean>>
}

/**
 * Stores bodies like one send, all in one partition. Throws if one is too large or the partition
 * does not exist.
 */
export function publish(hub: Hub, bodies: readonly Uint8Array[], to: PublishTo): readonly MessagePosition[] {
  const log = hub.route(to)
  if (log === undefined) throw new Error(`Hub '${hub.name}' has no partition '${to.partition}'`)
  return log.append(
    bodies.map((body) => encode(body, to.properties)),
    to.partitionKey,
  )
}

function encode(body: Uint8Array, properties: PublishTo['properties']): EncodedMessage {
  const bytes = rhea.message.encode({
    body: rhea.message.data_section(body),
    ...(properties === undefined ? {} : { application_properties: properties }),
  })
  if (bytes.length > standardMaxSendBytes) {
    throw new Error(`A message of ${bytes.length} bytes exceeds the limit of ${standardMaxSendBytes}`)
  }
  const message = readMessage(bytes)
  if (message === undefined) throw new Error('The AMQP library encoded an invalid message')
  return message
}
