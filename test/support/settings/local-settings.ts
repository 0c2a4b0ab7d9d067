import type { SettingNote } from './setting-notes.ts'

/** Settings only useful in Azure, or best left at their defaults in development. */
const isForAzure = ({ name, platform }: SettingNote): boolean =>
  platform ||
  name.includes('__') ||
  name === 'ARCHIVE_BLOB_SERVICE_URI' ||
  name.startsWith('APPLICATIONINSIGHTS') ||
  name === 'AZURE_CLIENT_ID'

/** Placeholders that secret scanners ignore, and that the program refuses until replaced. */
const sampleValue = (note: SettingNote): string => {
  if (note.secret) return `<${note.name}>`
  return note.fallback ?? (note.required ? note.example : '')
}

/** `local.settings.sample.json`: settings for development, with defaults or placeholders. */
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
