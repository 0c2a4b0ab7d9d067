import type { Socket } from 'node:net'
import type { Connection, Receiver, Sender } from 'rhea'
import { entityPath } from './entity-address.ts'
import type { Hub } from './hub.ts'
import type { ReaderLink } from './reader-link.ts'
import type { Refusal } from './refusal.ts'
import { covers } from './sas-token.ts'

/** An open link on a hub, and its cleanup. */
export interface HubLink {
  readonly link: Sender | Receiver
  readonly hub: Hub
  /** Present on links that deliver messages. */
  readonly reader?: ReaderLink
  /** Releases the link's resources; the link itself may be gone already. */
  readonly release: () => void
}

/** One client connection, with its tokens and links. */
export interface Peer {
  readonly connection: Connection
  readonly socket: Socket
  readonly grants: Set<string>
  readonly links: Set<HubLink>
}

/** The socket of a connection, missing from rhea's types. */
export function createPeer(connection: Connection): Peer {
  const { socket } = connection as Connection & { readonly socket: Socket }
  return { connection, socket, grants: new Set(), links: new Set() }
}

/** Whether the peer has presented a token for an entity, or for one above it. */
export function mayUse(peer: Peer, address: string): boolean {
  const path = entityPath(address)
  return [...peer.grants].some((granted) => covers(granted, path))
}

/** Releases links of the peer; those still open are closed with the reason. */
export function releaseLinks(peer: Peer, which: (link: HubLink) => boolean, why?: Refusal): void {
  for (const one of [...peer.links].filter(which)) {
    peer.links.delete(one)
    one.release()
    if (why !== undefined) one.link.close({ ...why })
  }
}
