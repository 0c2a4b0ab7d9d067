import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'

/** The files of the infrastructure and its snapshots, or a variant of them. */
export interface Sources {
  /** Paths of all Bicep files, from the root of the repository. */
  readonly bicepPaths: readonly string[]
  text(path: string): string
}

const below = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? below(posix.join(folder, entry.name)) : [posix.join(folder, entry.name)],
  )

const onDisk = new Map<string, string>()

/** As the files are. */
export const committedSources: Sources = {
  bicepPaths: below('infra').filter((path) => path.endsWith('.bicep')),
  text(path) {
    const kept = onDisk.get(path) ?? readFileSync(path, 'utf8')
    onDisk.set(path, kept)
    return kept
  },
}

/** The same with one file changed. */
export const changedSources = (base: Sources, changed: string, text: string): Sources => ({
  bicepPaths: base.bicepPaths,
  text: (path) => (path === changed ? text : base.text(path)),
})
