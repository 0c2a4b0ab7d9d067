import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import type { ServerCertificate } from '../../local/emulators/tls/local-authority.ts'

/**
 * A TLS server that says these bytes to whoever sends something, whatever that is, and hangs up.
 */
export interface RawServer {
  /** `https://localhost:<port>` */
  readonly origin: string
  stop(): Promise<void>
}

export async function startRawServer(certificate: ServerCertificate, says: string): Promise<RawServer> {
  const sockets = new Set<TLSSocket>()
  const server = createServer({ key: certificate.keyPem, cert: certificate.certPem }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(says, 'latin1'))
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
