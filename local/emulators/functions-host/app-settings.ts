import type { Settings } from './app/process-environment.ts'

/** Replaces every `%NAME%` by the app setting of that name, as the host does in trigger options. */
export function resolveSettings(text: string, settings: Settings, usedBy: string): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = settings[name]
    if (value === undefined) throw new Error(`${usedBy} needs the app setting ${name}, which is not set.`)
    return value
  })
}

/**
 * The connection string that a trigger's `connection` names: the setting `AzureWebJobs<name>` or
 * `<name>`; without a name `AzureWebJobsStorage`. Identity-based connections need Azure, so the
 * local host refuses them.
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
