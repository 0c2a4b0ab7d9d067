import type { Settings } from './app/process-environment.ts'

/** Replaces every `%NAME%` in a trigger option by the app setting, as the host does. */
export function resolveSettings(text: string, settings: Settings, usedBy: string): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = settings[name]
    if (value === undefined) throw new Error(`${usedBy} needs the app setting ${name}, which is not set.`)
    return value
  })
}

/**
 * The connection string for a trigger's `connection`: the setting `AzureWebJobs<name>` or `<name>`;
 * default `AzureWebJobsStorage`. Refuses identity-based connections, which need Azure.
 */
export function connectionString(settings: Settings, name: string | undefined, usedBy: string): string {
  const prefix = name === undefined || name === '' ? 'AzureWebJobsStorage' : name
  const value = settings[`AzureWebJobs${prefix}`] ?? settings[prefix]
  if (value !== undefined && value !== '') return value
  const identityBased = Object.keys(settings).find((key) => key.startsWith(`${prefix}__`))
  throw new Error(
    identityBased === undefined
      ? `${usedBy} needs a connection string in the app setting ${prefix}, which is not set.`
      : `${usedBy} has an identity-based connection (${identityBased}), which the local host cannot use. ` +
          `Set ${prefix} to a connection string.`,
  )
}
