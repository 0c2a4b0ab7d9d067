import { type AppSettings, readSettings } from './parse-settings.ts'
import { type Environment, isReference } from './setting-problems.ts'

/** Shaped like a signing secret and like a token, but neither. */
const NO_SECRET = `whsec_${'A'.repeat(32)}`

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
    if (/^(?:WEBHOOK_(?:.*_)?(?:SECRET|TOKEN)|.*_REDACT_KEY)$/.test(name)) resolved[name] = NO_SECRET
    else if (
      /^(?:WEBHOOK_.*_PEM$|WEBHOOK_(?:.*_)?HEADERS$|APPLICATIONINSIGHTS_|EVIDENCE_LOCAL_KEY$)/.test(name)
    )
      resolved[name] = undefined
  }
  return resolved
}

/**
 * The app's settings for commands that send nothing to a sink, and so need no secret of one: a
 * webhook without its secrets is still a webhook, with its name and filter.
 * @throws ConfigError that lists every problem of the other settings
 */
export const operatorSettings = (env: Environment): AppSettings => readSettings(withStandIns(env))
