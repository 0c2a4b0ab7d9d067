/** App settings by name. */
export type Settings = Readonly<Record<string, string>>

/**
 * Puts settings into `process.env`, where an app reads them while it loads, and gives back how to undo that.
 */
export function applySettings(settings: Settings): () => void {
  const before = Object.keys(settings).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, settings)
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}
