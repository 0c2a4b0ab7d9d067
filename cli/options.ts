/** Declares one option for parsing, help and completion. */
export interface Option {
  readonly type: 'boolean' | 'string'
  /** What it does; help indents further lines. */
  readonly help: string
  /** Name of its value in the help; `FILE` completes file names. */
  readonly value?: string
  /** Values offered by completion. */
  readonly choices?: readonly string[]
  readonly multiple?: boolean
  readonly default?: boolean | string | string[]
  /** Its value if given without one. */
  readonly implied?: string
}

export type Options = Readonly<Record<string, Option>>

/** Options of every command. */
export const COMMON_OPTIONS = {
  json: { type: 'boolean', default: false, help: 'machine-readable output' },
  local: {
    type: 'boolean',
    default: false,
    help: 'the embedded stack that `npm start` runs on this machine',
  },
  settings: {
    type: 'string',
    value: 'FILE',
    help: 'app settings from a file: local.settings.json, or what `az functionapp config appsettings list`\nprints (default: the environment)',
  },
  debug: {
    type: 'boolean',
    default: false,
    help: 'after an unexpected error, show where in the program it happened',
  },
} as const satisfies Options
