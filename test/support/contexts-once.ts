import { syncBuiltinESMExports } from 'node:module'
import tls, { type SecureContext, type SecureContextOptions } from 'node:tls'

/**
 * A TLS context is made once of the same options, by all files of a process: a new sink a test
 * means a hundred and fifty root certificates read a test, a seventh of the suite's time. Contexts
 * hold no state of a connection, and those of servers have keys, and are left alone.
 */
const make = tls.createSecureContext
if (make.name !== rememberedContext.name) {
  tls.createSecureContext = rememberedContext
  syncBuiltinESMExports()
}

const made = new Map<string, SecureContext>()

function rememberedContext(options: SecureContextOptions = {}): SecureContext {
  const { ca, minVersion, ...others } = options
  if (!Array.isArray(ca) || Object.keys(others).length > 0) return make(options)
  const key = JSON.stringify([minVersion, ca.map(String)])
  const context = made.get(key) ?? make(options)
  made.set(key, context)
  return context
}
