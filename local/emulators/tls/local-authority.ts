import { isIP } from 'node:net'
import { generate } from 'selfsigned'

/** Key and certificate of one server, PEM. */
export interface ServerCertificate {
  readonly keyPem: string
  readonly certPem: string
}

/**
 * A certificate authority for the lifetime of the process, trusted only by clients configured for
 * it.
 */
export interface LocalAuthority {
  /** The certificate to trust: `ca` of a TLS client, or the file in NODE_EXTRA_CA_CERTS. */
  readonly caPem: string
  /**
   * Issues a certificate, which a client may show too.
   * @param hosts host names and IP addresses of the server
   */
  issue(hosts: readonly string[]): Promise<ServerCertificate>
}

/** Names of local servers. */
export const LOCAL_HOSTS = ['localhost', '127.0.0.1'] as const

// Elliptic curves: generating a key takes about 1 ms, an RSA key 100 ms.
const CRYPTO = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const

const altName = (host: string) =>
  isIP(host) === 0 ? ({ type: 2, value: host } as const) : ({ type: 7, ip: host } as const)

/**
 * Creates an authority with a new key; nothing is written to disk.
 * @param name subject of the authority, which distinguishes it from others
 */
export async function createLocalAuthority(name = 'Entra risk export local CA'): Promise<LocalAuthority> {
  const authority = await generate([{ name: 'commonName', value: name }], {
    ...CRYPTO,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  return {
    caPem: authority.cert,
    issue: async (hosts) => {
      const server = await generate([{ name: 'commonName', value: 'local server' }], {
        ...CRYPTO,
        ca: { key: authority.private, cert: authority.cert },
        extensions: [
          { name: 'basicConstraints', cA: false, critical: true },
          { name: 'keyUsage', digitalSignature: true, critical: true },
          { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
          { name: 'subjectAltName', altNames: hosts.map(altName) },
        ],
      })
      return { keyPem: server.private, certPem: server.cert }
    },
  }
}
