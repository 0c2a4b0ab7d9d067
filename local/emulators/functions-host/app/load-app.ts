import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type AppCore, createAppCore } from '../core/core-api.ts'
import { withFunctionsCore } from '../core/core-interception.ts'
import { parseThrown } from '../core/parse-thrown.ts'
import type { HostLog } from '../host-log.ts'
import { consoleLogLine } from '../worker-console.ts'
import { freshAppFolder } from './app-copy.ts'
import { matchFiles } from './match-files.ts'
import { nativeImport } from './native-import.ts'
import { parsePackageMain } from './parse-package-main.ts'
import { applySettings, type Settings } from './process-environment.ts'

export interface LoadOptions {
  /** The folder with the app's package.json, whose `main` is a glob of built files. */
  readonly appDirectory: string
  /** Built files to load instead of `main`, relative to the folder. */
  readonly files?: readonly string[]
  /** App settings, set in `process.env` from before loading until unloading. */
  readonly environment: Settings
  readonly log: HostLog
  /** Called once all functions are registered, before anything that a hook leaves for later. */
  readonly onLoaded?: () => void
}

/** An app whose functions are registered and whose `appStart` hooks have run. */
export interface LoadedApp {
  readonly core: AppCore
  /** Restores `process.env` and deletes the copy on disk; does not run the app's hooks. */
  readonly unload: () => Promise<void>
}

/**
 * Loads a built app as the Functions worker does. An error thrown on loading is logged with its
 * stack, line by line, and rejects. In Azure the worker reports an app without functions, and the
 * host waits for a new deployment.
 */
export async function loadApp(options: LoadOptions): Promise<LoadedApp> {
  const directory = resolve(options.appDirectory)
  const files = options.files ?? (await mainFiles(directory))
  const folder = await freshAppFolder(directory, files)
  const core = createAppCore(options.log)
  let restoreSettings = () => {}
  const unload = async () => {
    restoreSettings()
    await folder.remove()
  }
  try {
    await withFunctionsCore(core.module, async () => {
      restoreSettings = applySettings(options.environment)
      for (const file of files) await importEntry(join(folder.directory, file), options.log)
    })
    const { appHookData } = core.hooks
    await core.hooks.run('appStart', { hookData: {}, appHookData })
    await core.programmingModel()?.getCapabilities({})
    core.lock()
    if (core.functions.size === 0)
      throw new Error(`The files of ${directory} (${files.join(', ')}) register no function.`)
    options.onLoaded?.()
    return { core, unload }
  } catch (thrown) {
    await unload()
    throw thrown
  }
}

async function importEntry(path: string, log: HostLog): Promise<void> {
  try {
    await nativeImport(pathToFileURL(path).href)
  } catch (thrown) {
    const error = parseThrown(thrown)
    for (const line of (error.stack ?? error.message).split('\n')) log(consoleLogLine('stderr', line))
    throw thrown
  }
}

async function mainFiles(directory: string): Promise<readonly string[]> {
  const path = join(directory, 'package.json')
  const glob = parsePackageMain(await readFile(path, 'utf8'), path)
  const files = await matchFiles(directory, glob)
  if (files.length === 0) throw new Error(`No file matches "${glob}" (main of ${path}). Build the app first.`)
  return files
}
