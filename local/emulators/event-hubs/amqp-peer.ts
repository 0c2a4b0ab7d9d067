import type { Socket } from 'node:net'
import type { Connection, Receiver, Sender } from 'rhea'
import { entityPath } from './entity-address.ts'
import type { Hub } from './hub.ts'
import type { ReaderLink } from './reader-link.ts'
import type { Refusal } from './refusal.ts'
import { covers } from './sas-token.ts'

/** A link that is open on a hub, and what has to happen when it goes. */
export interface HubLink {
  readonly link: Sender | Receiver
  readonly hub: Hub
  /** Present on links that deliver. */
  readonly reader?: ReaderLink
  /** Releases what the link holds here; the link itself may be gone already. */
  readonly release: () => void
}

/** One client's connection, with the tokens it has shown and the links it has opened. */
export interface Peer {
  readonly connection: Connection
  readonly socket: Socket
  readonly grants: Set<string>
  readonly links: Set<HubLink>
}

/** The socket of a connection, which the library's types leave out. */
export function createPeer(connection: Connection): Peer {
  const { socket } = connection as Connection & { readonly socket: Socket }
  return { connection, socket, grants: new Set(), links: new Set() }
}

/** Whether the peer has shown a token for an entity, or for one above it. */
export function mayUse(peer: Peer, address: string): boolean {
  const path = entityPath(address)
  return [...peer.grants].some((granted) => covers(granted, path))
}

/** Takes links off the peer, with a reason for the client where the link is still open. */
export function releaseLinks(peer: Peer, which: (link: HubLink) => boolean, why?: Refusal): void {
  for (const one of [...peer.links].filter(which)) {
    peer.links.delete(one)
    one.release()
    if (why !== undefined) one.link.close({ ...why })
  }
}
