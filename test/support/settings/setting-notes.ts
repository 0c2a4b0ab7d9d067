import { DECLARED_SETTINGS } from '../../../shared/config/declared-settings.ts'
import { SETTING_NOTES } from '../../../shared/config/setting-notes.ts'

/** A setting's documentation. */
export interface SettingNote {
  readonly name: string
  readonly description: string
  readonly example: string
  readonly secret: boolean
  readonly platform: boolean
  /** As text; `undefined` if there is none. */
  readonly fallback: string | undefined
  readonly required: boolean
}

const asText = (value: unknown): string => String(value)

/** Every setting with its documentation, in the order of declaration. */
export const settingNotes = (): readonly SettingNote[] =>
  Object.entries(DECLARED_SETTINGS).map(([name, schema]) => {
    const note = SETTING_NOTES.get(schema)
    const absent = schema.safeParse(undefined)
    return {
      name,
      description: note?.description ?? '',
      example: note?.example ?? '',
      secret: note?.secret === true,
      platform: note?.platform === true,
      required: !absent.success,
      fallback: absent.success && absent.data !== undefined ? asText(absent.data) : undefined,
    }
  })
