import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:tls'
import { expect, test } from 'vitest'
import {
  createLocalAuthority,
  LOCAL_HOSTS,
  type LocalAuthority,
} from '../../../../local/emulators/tls/local-authority.ts'

/**
 * Dials a server with a certificate of `issuer` as a client that trusts `trusted`: `ok`, or the TLS
 * error's code.
 */
async function dial(issuer: LocalAuthority, trusted: LocalAuthority, servername: string): Promise<string> {
  const { keyPem, certPem } = await issuer.issue(LOCAL_HOSTS)
  const server = createServer({ key: keyPem, cert: certPem })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await new Promise<string>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, ca: trusted.caPem, servername }, () => {
        resolve('ok')
        socket.destroy()
      })
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    })
  } finally {
    server.close()
  }
}

test('a client that trusts the authority accepts its server by name', async () => {
  const authority = await createLocalAuthority()
  expect(await dial(authority, authority, 'localhost')).toBe('ok')
})

test('a client that trusts the authority accepts its server by address', async () => {
  const authority = await createLocalAuthority()
  expect(await dial(authority, authority, '')).toBe('ok')
})

test('a client that trusts another authority refuses the server', async () => {
  const other = await createLocalAuthority('Another CA')
  expect(await dial(await createLocalAuthority(), other, 'localhost')).toMatch(/^UNABLE_TO_(VERIFY|GET)/)
})

test('a client that asks for a host the certificate does not name refuses the server', async () => {
  const authority = await createLocalAuthority()
  expect(await dial(authority, authority, 'siem.example')).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
})
