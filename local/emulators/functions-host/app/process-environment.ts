/** App settings by name. */
export type Settings = Readonly<Record<string, string>>

const layers: Settings[] = []
/** Values of `process.env` before any layer set them. */
const original = new Map<string, string | undefined>()

/**
 * Sets app settings in `process.env`, where an app reads them on loading; returns the function that
 * unsets them. If several loaded apps set a name, the last one's value counts.
 */
export function applySettings(settings: Settings): () => void {
  const layer = { ...settings }
  for (const name of Object.keys(layer)) if (!original.has(name)) original.set(name, process.env[name])
  layers.push(layer)
  refresh(layer)
  return () => {
    layers.splice(layers.indexOf(layer), 1)
    refresh(layer)
  }
}

function refresh(changed: Settings): void {
  for (const name of Object.keys(changed)) {
    const layer = layers.findLast((one) => one[name] !== undefined)
    const value = layer === undefined ? original.get(name) : layer[name]
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
    if (layer === undefined) original.delete(name)
  }
}
