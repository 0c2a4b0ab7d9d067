import { errors } from 'undici'
import { expect, test } from 'vitest'
import { InvariantError } from '../../../shared/domain/invariant-error.ts'
import { connectionFault } from '../../../shared/sinks/webhook/parse-connection-error.ts'

const receiver = { host: 'siem.example', settingsPrefix: 'WEBHOOK_' }

const coded = (code: string, message = 'with a secret in its text') =>
  Object.assign(new Error(message), { code })

test.each([
  ['ENOTFOUND', 'nameNotResolved', 'sink'],
  ['EAI_AGAIN', 'nameNotResolved', 'sink'],
  ['CERT_HAS_EXPIRED', 'certificateRejected', 'sink'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificateRejected', 'sink'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'certificateRejected', 'sink'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificateRejected', 'sink'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificateRejected', 'sink'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificateRejected', 'sink'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'certificateRejected', 'sink'],
  ['EPROTO', 'certificateRejected', 'sink'],
  ['ECONNREFUSED', 'unreachable', 'transient'],
  ['ECONNRESET', 'unreachable', 'transient'],
  ['EPIPE', 'unreachable', 'transient'],
  ['EHOSTUNREACH', 'unreachable', 'transient'],
  ['UND_ERR_SOCKET', 'unreachable', 'transient'],
  ['UND_ERR_DESTROYED', 'unreachable', 'transient'],
  ['HPE_INVALID_EOF_STATE', 'unreachable', 'transient'],
  ['HPE_INVALID_CONSTANT', 'answerUnexpected', 'sink'],
  ['ERR_TLS_HANDSHAKE_TIMEOUT', 'unreachable', 'transient'],
  ['ETIMEDOUT', 'timeout', 'transient'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout', 'transient'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout', 'transient'],
])('%s is %s of scope %s, in our words and not in those of the error', (code, faultCode, scope) => {
  const fault = connectionFault(coded(code), receiver)
  expect(fault).toMatchObject({ code: faultCode, scope })
  expect(fault.message).toContain('siem.example')
  expect(fault.message).not.toContain('secret')
})

test.each(['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'UND_ERR_SOCKET'])(
  '%s, which receivers cause that refuse our certificate, leads to it',
  (code) => {
    expect(connectionFault(coded(code), receiver).message).toContain('WEBHOOK_CLIENT_PEM')
  },
)

test.each([
  ['Proxy response (403) !== 200 when HTTP Tunneling', 'sink'],
  ['Proxy response (407) !== 200 when HTTP Tunneling', 'sink'],
  ['Proxy response (502) !== 200 when HTTP Tunneling', 'transient'],
  ['', 'transient'],
])('a proxy that says "%s" is a fault of scope %s', (message, scope) => {
  const fault = connectionFault(coded('UND_ERR_ABORTED', message), receiver)
  expect(fault).toMatchObject({ code: 'unreachable', scope })
  expect(fault.message).toContain('WEBHOOK_PROXY_URL')
})

test.each([
  new errors.HTTPParserError('with a secret in its text'),
  new errors.HeadersOverflowError('with a secret in its text'),
  new errors.ResponseContentLengthMismatchError('with a secret in its text'),
])('$name of undici, which has no code or one of its own, is answerUnexpected', (error) => {
  const fault = connectionFault(error, receiver)
  expect(fault).toMatchObject({ code: 'answerUnexpected', scope: 'sink' })
  expect(fault.message).not.toContain('secret')
})

test.each([[new TypeError('x')], [coded('UND_ERR_INVALID_ARG')], [undefined], ['a text']])(
  'what only a bug of ours brings about is thrown: %s',
  (error) => {
    expect(() => connectionFault(error, receiver)).toThrow(InvariantError)
  },
)
