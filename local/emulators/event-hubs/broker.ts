import rhea, { type Delivery, type Message, type Receiver, type Sender } from 'rhea'
import type { AmqpHandlers } from './amqp-listener.ts'
import { mayUse, type Peer } from './amqp-peer.ts'
import { type BrokerContext, unauthorized } from './broker-context.ts'
import { answerClaim } from './claims-node.ts'
import { type EntityAddress, parseEntityAddress } from './entity-address.ts'
import { answerRead } from './management-node.ts'
import { answerProperties, type NodeAnswer, refused } from './node-answer.ts'
import { openReader } from './open-reader.ts'
import { parseAddress } from './parse-attach.ts'
import { type NodeRequest, parseNodeRequest } from './parse-request.ts'
import { entityNotFound, partitionNotFound, type Refusal } from './refusal.ts'
import { storeSend } from './store-send.ts'

/**
 * Handles clients' links and messages for the namespace: `$cbs`, `$management`, senders and
 * readers.
 */
export function createBroker(context: BrokerContext): AmqpHandlers {
  const onReaderLink = (peer: Peer, link: Sender): void => {
    link.set_source(link.source)
    link.set_target(link.target)
    const address = parseEntityAddress(parseAddress(link.source))
    if (address?.kind === 'claims' || address?.kind === 'management') return
    const refusal =
      address?.kind === 'reader'
        ? openReader(peer, link, address, context)
        : entityNotFound(parseAddress(link.source))
    if (refusal !== undefined) link.close({ ...refusal })
  }

  const onSenderLink = (peer: Peer, link: Receiver): void => {
    link.set_source(link.source)
    link.set_target(link.target)
    const address = parseEntityAddress(parseAddress(link.target))
    if (address?.kind === 'claims' || address?.kind === 'management') return
    const refusal = openSender(peer, link, address)
    if (refusal !== undefined) link.close({ ...refusal })
  }

  const openSender = (
    peer: Peer,
    link: Receiver,
    address: EntityAddress | undefined,
  ): Refusal | undefined => {
    const hub = address?.kind === 'hub' ? context.hub(address.hub) : undefined
    if (address?.kind !== 'hub' || hub === undefined) return entityNotFound(parseAddress(link.target))
    if (!mayUse(peer, parseAddress(link.target))) return unauthorized(parseAddress(link.target))
    if (address.partition !== undefined && hub.log(address.partition) === undefined) return partitionNotFound
    peer.links.add({ link, hub, release: () => undefined })
    return undefined
  }

  const onMessage = (peer: Peer, link: Receiver, message: Message | Buffer, delivery: Delivery): void => {
    const address = parseEntityAddress(parseAddress(link.target))
    if (address?.kind === 'claims' || address?.kind === 'management') {
      delivery.accept()
      if (!Buffer.isBuffer(message))
        answer(peer, message, answerOf(peer, address.kind, parseNodeRequest(message)))
      return
    }
    const opened = [...peer.links].find((one) => one.link === link)
    const stored =
      opened === undefined || address?.kind !== 'hub'
        ? entityNotFound(parseAddress(link.target))
        : storeSend(opened.hub, address.partition, delivery, message, context)
    if ('condition' in stored) {
      context.counters.sendsRefused += 1
      // In a turn of its own: rhea would answer what was received along with it alike.
      setImmediate(() => delivery.reject({ ...stored }))
    } else if (context.faults.takeLostAcknowledgement()) {
      peer.socket.destroy(new Error('dropped'))
    } else {
      delivery.accept()
    }
  }

  const answerOf = (peer: Peer, node: 'claims' | 'management', request: NodeRequest): NodeAnswer => {
    if (node === 'claims') {
      const claimed = answerClaim(request, peer.grants, context)
      if (claimed.condition !== undefined) context.counters.tokensRefused += 1
      return claimed
    }
    context.counters.managementReads += 1
    const { condition, description } = unauthorized(request.name)
    if (!mayUse(peer, `${request.name}/$management`)) return refused(401, condition, description)
    return answerRead(request, context.hub(request.name), context.nowMs())
  }

  return {
    onReaderLink,
    onSenderLink,
    onMessage,
    onProtocolError: (description) => {
      context.counters.protocolErrors += 1
      context.counters.lastProtocolError = description
    },
  }
}

/** Answers on the link that the request's `reply-to` names. */
function answer(peer: Peer, request: Message, { body, ...answered }: NodeAnswer): void {
  const to = request.reply_to
  const link = peer.connection.find_sender(
    (one: Sender) => one.name === to || parseAddress(one.target) === to,
  )
  link?.send({
    ...(to === undefined ? {} : { to }),
    ...(request.message_id === undefined ? {} : { correlation_id: request.message_id }),
    application_properties: answerProperties(answered),
    body: body === undefined ? rhea.types.wrap_string('') : body,
  })
}
