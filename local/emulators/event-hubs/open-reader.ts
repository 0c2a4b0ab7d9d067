import type { Sender } from 'rhea'
import { type HubLink, mayUse, type Peer, releaseLinks } from './amqp-peer.ts'
import { type BrokerContext, unauthorized } from './broker-context.ts'
import type { EntityAddress } from './entity-address.ts'
import { parseAddress, parseReaderAttach } from './parse-attach.ts'
import type { GroupReader } from './reader-group.ts'
import { createReaderLink } from './reader-link.ts'
import { entityNotFound, partitionNotFound, type Refusal } from './refusal.ts'
import { startPosition } from './start-position.ts'

type ReaderAddress = Extract<EntityAddress, { kind: 'reader' }>

/** Starts delivery on a reader's link, or returns why the link is refused. */
export function openReader(
  peer: Peer,
  link: Sender,
  address: ReaderAddress,
  context: BrokerContext,
): Refusal | undefined {
  const hub = context.hub(address.hub)
  if (hub === undefined) return entityNotFound(address.hub)
  if (!hub.consumerGroups.has(address.consumerGroup)) {
    return entityNotFound(`${address.hub}|${address.consumerGroup}`)
  }
  if (!mayUse(peer, parseAddress(link.source))) return unauthorized(parseAddress(link.source))
  const log = hub.log(address.partition)
  if (log === undefined) return partitionNotFound

  const request = parseReaderAttach(link)
  const firstSequenceNumber = startPosition(request.selector, log)
  if (typeof firstSequenceNumber !== 'number') return firstSequenceNumber
  const group = context.readerGroup(hub.name, address.consumerGroup, address.partition)
  const member: GroupReader = {
    name: request.name,
    epoch: request.epoch,
    disconnect: (why) => releaseLinks(peer, (one) => one === opened, why),
  }
  const refusal = group.admit(member)
  if (refusal !== undefined) return refusal

  const { nowMs, isHanging, counters } = context
  const reader = createReaderLink({
    link,
    socket: peer.socket,
    log,
    firstSequenceNumber,
    wantsMetrics: request.wantsMetrics,
    nowMs,
    isHanging,
    onDelivered: (messages) => {
      counters.messagesDelivered += messages
    },
  })
  const opened: HubLink = {
    link,
    hub,
    reader,
    release: () => {
      reader.stop()
      group.leave(member)
    },
  }
  peer.links.add(opened)
  link.on('sendable', () => reader.pump())
  link.on('sender_draining', () => {
    reader.pump()
    link.set_drained(true)
  })
  return undefined
}
