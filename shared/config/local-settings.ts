import type { SettingNote } from './parse-setting-notes.ts'

/**
 * Settings that only make sense against Azure, or that are better left to their defaults on a desk.
 */
const isForAzure = ({ name, platform }: SettingNote): boolean =>
  platform ||
  name.includes('__') ||
  name === 'ARCHIVE_BLOB_SERVICE_URI' ||
  name.startsWith('APPLICATIONINSIGHTS') ||
  name === 'AZURE_CLIENT_ID'

/**
 * Placeholders, which no secret scanner takes for a secret and the program refuses until they are
 * replaced.
 */
const sampleValue = (note: SettingNote): string => {
  if (note.secret) return `<${note.name}>`
  return note.fallback ?? (note.required ? note.example : '')
}

/**
 * `local.settings.sample.json`: every setting that matters on a desk, with its default or a
 * placeholder.
 */
export const localSettings = (notes: readonly SettingNote[]): string =>
  `${JSON.stringify(
    {
      IsEncrypted: false,
      Values: {
        FUNCTIONS_WORKER_RUNTIME: 'node',
        ...Object.fromEntries(
          notes.filter((note) => !isForAzure(note)).map((note) => [note.name, sampleValue(note)]),
        ),
      },
    },
    undefined,
    2,
  )}\n`
