/** One option: parsing, help and completion go by what is declared here. */
export interface Option {
  readonly type: 'boolean' | 'string'
  /** What it does; further lines are indented by the help. */
  readonly help: string
  /** What its value is called in the help; `FILE` completes names of files. */
  readonly value?: string
  /** What completion offers for its value. */
  readonly choices?: readonly string[]
  readonly multiple?: boolean
  readonly default?: boolean | string | string[]
  /** Its value where it is given without one. */
  readonly implied?: string
}

export type Options = Readonly<Record<string, Option>>

/** Options that every command has. */
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
