import type { ExitCode } from './exit-codes.ts'
import type { Surroundings } from './surroundings.ts'

/** One command of `risk-export`. */
export interface Command {
  /** As typed, `dead-letters list` for instance. */
  readonly name: string
  /** One line. */
  readonly summary: string
  /** Words after the name, and what they mean. */
  readonly usage: string
  /**
   * @throws UsageError for words that it does not know; CannotRunError, ConfigError or an SDK's error where it cannot be done
   */
  readonly run: (args: readonly string[], around: Surroundings) => Promise<ExitCode>
}

/** Options that every command has. */
export const COMMON_OPTIONS = {
  json: { type: 'boolean', default: false },
  local: { type: 'boolean', default: false },
  settings: { type: 'string' },
} as const

export const COMMON_USAGE = `  --json           machine-readable output
  --local          the embedded stack that \`npm start\` runs on this machine
  --settings FILE  app settings from a file: local.settings.json, or what \`az functionapp config appsettings list\`
                   prints (default: the environment)`
