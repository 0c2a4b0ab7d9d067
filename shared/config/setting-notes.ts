import * as z from 'zod/mini'

/** What the pages say of a setting. */
export interface SettingNote {
  readonly description: string
  readonly example: string
  readonly secret?: true
  /** Read by the Functions runtime itself. */
  readonly platform?: true
}

/** The notes of all settings. */
export const SETTING_NOTES = z.registry<SettingNote>()
