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

interface Made {
  readonly ca: readonly unknown[]
  readonly minVersion: unknown
  readonly context: SecureContext
}

/** By the last certificate, which is the one of a test. */
const made = new Map<string, Made[]>()

function rememberedContext(options: SecureContextOptions = {}): SecureContext {
  const { ca, minVersion, ...others } = options
  if (!Array.isArray(ca) || Object.keys(others).length > 0) return make(options)
  const last = String(ca.at(-1))
  const alike = made.get(last) ?? []
  const known = alike.find(
    (one) =>
      one.minVersion === minVersion && one.ca.length === ca.length && one.ca.every((c, i) => c === ca[i]),
  )
  if (known !== undefined) return known.context
  const context = make(options)
  made.set(last, [...alike, { ca: [...ca], minVersion, context }])
  return context
}
