import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createLogFile, type LogFile, openLogFile } from './log-file.ts'
import type { LogHeader } from './log-header.ts'

/**
 * The files of one hub: `<directory>/<hub>/<incarnation>/<partition>.log`. The highest incarnation
 * is current; a new one is created by a rename, so that a kill leaves either the old hub or the new
 * one.
 */
export interface HubFiles {
  /**
   * The logs of the current incarnation, created if there is none. Throws if it has a different
   * number of partitions.
   */
  open(header: LogHeader): readonly LogFile[]
  /** Replaces the current incarnation, whose logs must be closed, by a new, empty one. */
  replace(header: LogHeader): readonly LogFile[]
}

export function createHubFiles(directory: string, hub: string, partitions: number): HubFiles {
  const home = join(directory, hub.toLowerCase())
  /** The current incarnation; leftovers of others are deleted. */
  const current = (): number | undefined => {
    mkdirSync(home, { recursive: true })
    const incarnations = readdirSync(home).filter((name) => /^\d+$/.test(name))
    const newest = Math.max(...incarnations.map(Number))
    for (const name of readdirSync(home)) {
      if (name !== String(newest)) rmSync(join(home, name), { recursive: true, force: true })
    }
    return incarnations.length === 0 ? undefined : newest
  }
  const logPath = (folder: string, partition: number): string => join(folder, `${partition}.log`)

  const make = (incarnation: number, header: LogHeader): void => {
    const draft = join(home, `${incarnation}.new`)
    mkdirSync(draft)
    for (let partition = 0; partition < partitions; partition += 1) {
      createLogFile(logPath(draft, partition), header)
    }
    renameSync(draft, join(home, String(incarnation)))
  }

  const openAll = (incarnation: number): readonly LogFile[] => {
    const folder = join(home, String(incarnation))
    const found = readdirSync(folder).length
    if (found !== partitions) {
      throw new Error(
        `${folder} holds ${found} partitions of hub '${hub}', but ${partitions} are configured: ` +
          'configure the same number, or use another directory',
      )
    }
    return Array.from({ length: partitions }, (_, partition) => openLogFile(logPath(folder, partition)))
  }

  return {
    open: (header) => {
      const incarnation = current()
      if (incarnation === undefined) make(1, header)
      return openAll(incarnation ?? 1)
    },
    replace: (header) => {
      const old = current() ?? 0
      make(old + 1, header)
      rmSync(join(home, String(old)), { recursive: true, force: true })
      return openAll(old + 1)
    },
  }
}
