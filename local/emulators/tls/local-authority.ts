import { isIP } from 'node:net'
import { generate } from 'selfsigned'

/** Key and certificate of one server, PEM. */
export interface ServerCertificate {
  readonly keyPem: string
  readonly certPem: string
}

/**
 * A certificate authority that lives as long as the process and is trusted by nobody who is not
 * told to.
 */
export interface LocalAuthority {
  /** What clients must trust: `ca` of a TLS client, or the file that NODE_EXTRA_CA_CERTS names. */
  readonly caPem: string
  /**
   * A certificate for a server, signed by this authority.
   * @param hosts host names and IP addresses that the server answers to
   */
  issue(hosts: readonly string[]): Promise<ServerCertificate>
}

/** What local servers are called by their clients. */
export const LOCAL_HOSTS = ['localhost', '127.0.0.1'] as const

// Elliptic curves: a key pair takes a millisecond, an RSA one a hundred.
const CRYPTO = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const

const altName = (host: string) =>
  isIP(host) === 0 ? ({ type: 2, value: host } as const) : ({ type: 7, ip: host } as const)

/**
 * Makes an authority with a new key; nothing touches the disk.
 * @param name subject of the authority; clients tell two authorities apart by it
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
          { name: 'extKeyUsage', serverAuth: true },
          { name: 'subjectAltName', altNames: hosts.map(altName) },
        ],
      })
      return { keyPem: server.private, certPem: server.cert }
    },
  }
}
