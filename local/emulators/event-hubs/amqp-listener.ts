import type { AddressInfo, Socket } from 'node:net'
import rhea, {
  type Connection,
  type Delivery,
  type EventContext,
  type Message,
  type Receiver,
  type Sender,
} from 'rhea'
import { createPeer, type Peer, releaseLinks } from './amqp-peer.ts'

const maxFrameBytes = 65_536
const idleTimeoutMs = 240_000
const sendCredit = 1000
/**
 * How long a stop waits for clients to notice, so that none closes a link to a server that is gone.
 */
const stopGraceMs = 250
/**
 * `snd-settle-mode` settled: Event Hubs readers track their own position, so nothing is
 * acknowledged.
 */
const settledBySender = 1

/** How the broker handles its peers' links and messages. */
export interface AmqpHandlers {
  onReaderLink(peer: Peer, link: Sender): void
  onSenderLink(peer: Peer, link: Receiver): void
  onMessage(peer: Peer, link: Receiver, message: Message | Buffer, delivery: Delivery): void
  onProtocolError(description: string): void
}

/** The AMQP 1.0 server: sockets, handshakes and connections. */
export interface AmqpListener {
  readonly port: number
  readonly peers: ReadonlySet<Peer>
  readonly connectionsAccepted: number
  isHanging(): boolean
  setHanging(hanging: boolean): void
  dropConnections(): void
  /** Closes all connections and frees the port. */
  stop(): Promise<void>
}

export async function startAmqpListener(
  port: number,
  maxSendBytes: number,
  handlers: AmqpHandlers,
): Promise<AmqpListener> {
  const container = rhea.create_container({ id: 'event-hub-emulator' })
  const sockets = new Set<Socket>()
  const peers = new Map<Connection, Peer>()
  let connectionsAccepted = 0
  let hanging = false
  let stopped: Promise<void> | undefined

  allowHandshakes(container.sasl_server_mechanisms, container.sasl)
  const peerOf = (connection: Connection): Peer => {
    const known = peers.get(connection) ?? createPeer(connection)
    peers.set(connection, known)
    return known
  }
  const forget = ({ connection }: EventContext): void => {
    const peer = peers.get(connection)
    if (peer !== undefined) releaseLinks(peer, () => true)
    peers.delete(connection)
  }
  const linkGone = ({ connection, sender, receiver, session }: EventContext): void => {
    const link = sender ?? receiver
    const isGone = (one: Sender | Receiver): boolean =>
      link === undefined ? one.session === session : one === link
    const peer = peers.get(connection)
    if (peer !== undefined) releaseLinks(peer, (one) => isGone(one.link))
  }
  container.on('sender_open', ({ connection, sender }: EventContext) => {
    if (sender !== undefined) handlers.onReaderLink(peerOf(connection), sender)
  })
  container.on('receiver_open', ({ connection, receiver }: EventContext) => {
    if (receiver !== undefined) handlers.onSenderLink(peerOf(connection), receiver)
  })
  container.on('message', ({ connection, receiver, message, delivery }: EventContext) => {
    if (receiver === undefined || message === undefined || delivery === undefined) return
    handlers.onMessage(peerOf(connection), receiver, message, delivery)
  })
  for (const event of ['sender_close', 'receiver_close', 'session_close']) container.on(event, linkGone)
  for (const event of ['connection_close', 'disconnected']) container.on(event, forget)
  // Without a listener, rhea prints these errors or throws them.
  for (const event of ['connection_error', 'session_error', 'sender_error', 'receiver_error']) {
    container.on(event, () => undefined)
  }
  const onError = (error: Error): void => handlers.onProtocolError(`${error.name}: ${error.message}`)
  for (const event of ['error', 'protocol_error']) container.on(event, onError)

  const server = container.listen({
    host: '127.0.0.1',
    port,
    max_frame_size: maxFrameBytes,
    idle_time_out: idleTimeoutMs,
    receiver_options: { max_message_size: maxSendBytes, autoaccept: false, credit_window: sendCredit },
    sender_options: { max_message_size: maxSendBytes, snd_settle_mode: settledBySender },
  })
  const pumpAll = (): void => {
    for (const peer of peers.values()) for (const { reader } of peer.links) reader?.pump()
  }
  server.on('connection', (socket: Socket) => {
    connectionsAccepted += 1
    sockets.add(socket)
    socket.setNoDelay(true)
    if (hanging) socket.pause()
    socket.on('drain', pumpAll)
    socket.on('close', () => sockets.delete(socket))
  })
  const dropConnections = (): void => {
    // With an error: rhea only notices a lost socket by 'error' and 'end'.
    for (const socket of sockets) socket.destroy(new Error('dropped'))
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', resolve)
  })
  server.on('error', onError)

  return {
    port: (server.address() as AddressInfo).port,
    get peers() {
      return new Set(peers.values())
    },
    get connectionsAccepted() {
      return connectionsAccepted
    },
    isHanging: () => hanging,
    setHanging: (toHang) => {
      hanging = toHang
      for (const socket of sockets) {
        if (toHang) socket.pause()
        else socket.resume()
      }
      if (!toHang) pumpAll()
    },
    dropConnections,
    stop: () => {
      stopped ??= new Promise((resolve) => {
        const graceTimer = setTimeout(dropConnections, stopGraceMs)
        server.close(() => {
          clearTimeout(graceTimer)
          resolve()
        })
        for (const socket of sockets) socket.end()
      })
      return stopped
    },
  }
}

/**
 * The official clients offer MSSBCBS or ANONYMOUS; they authenticate later, with a token to `$cbs`.
 */
function allowHandshakes(mechanisms: typeof rhea.sasl_server_mechanisms, sasl: typeof rhea.sasl): void {
  mechanisms.enable_anonymous()
  sasl.server_add_external(mechanisms)
  mechanisms.MSSBCBS = mechanisms.EXTERNAL
}
