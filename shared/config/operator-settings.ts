import { type AppSettings, type Environment, isReference, readSettings } from './parse-settings.ts'

const SECRETS = ['WEBHOOK_SECRET', 'WEBHOOK_SECRET_NEXT', 'WEBHOOK_TOKEN'] as const
/** Shaped like a signing secret, but not one. */
const NO_SECRET = `whsec_${'A'.repeat(32)}`
/** A host that never resolves: https://www.rfc-editor.org/rfc/rfc6761#section-6.4 */
const NO_URL = 'https://unresolved.invalid/'

/** Names of settings whose value is a Key Vault reference. */
export const unresolvedSettings = (env: Environment): readonly string[] =>
  Object.keys(env).filter((name) => isReference(env[name]))

/**
 * The settings with stand-ins for values unknown outside the app, so that the rest can be
 * validated. Storage and hub addresses get none: without them, no command works.
 */
export function withStandIns(env: Environment): Environment {
  const resolved: Record<string, string | undefined> = { ...env }
  for (const name of unresolvedSettings(env)) {
    if (SECRETS.some((secret) => secret === name)) resolved[name] = NO_SECRET
    else if (/^(?:(?:WEBHOOK|APPLICATIONINSIGHTS)_|EVIDENCE_LOCAL_KEY$)/.test(name))
      resolved[name] = undefined
  }
  if (isReference(env.WEBHOOK_URL)) {
    resolved.WEBHOOK_URL = NO_URL
    resolved.WEBHOOK_ALLOWED_HOSTS = undefined
    resolved.WEBHOOK_PROXY_URL = undefined
  }
  return resolved
}

/**
 * The app's settings for commands that send nothing to a sink, and so need no secret of one.
 * @throws ConfigError that lists every problem of the other settings
 */
export function operatorSettings(env: Environment): AppSettings {
  const bare: Record<string, string | undefined> = { ...withStandIns(env) }
  const hasWebhook = (bare.WEBHOOK_URL ?? '') !== ''
  for (const name of SECRETS) bare[name] = hasWebhook ? NO_SECRET : undefined
  return readSettings(bare)
}
