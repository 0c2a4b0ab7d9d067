import type { SettingNote } from './setting-notes.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')

const defaultOf = ({ required, fallback }: SettingNote): string => {
  if (required) return '**required**'
  return fallback === undefined || fallback === '' ? '' : `\`${cell(fallback)}\``
}

const remarks = ({ secret, platform }: SettingNote): string =>
  [...(secret ? ['Secret.'] : []), ...(platform ? ['Read by the Functions runtime.'] : [])].join(' ')

/** The table of settings, Markdown. */
export const settingsTable = (notes: readonly SettingNote[]): string =>
  [
    '| Setting | Default | Meaning |',
    '| --- | --- | --- |',
    ...notes.map((note) => {
      const meaning = [note.description, remarks(note)].filter((part) => part !== '').join(' ')
      return `| \`${note.name}\` | ${defaultOf(note)} | ${cell(meaning)} |`
    }),
  ].join('\n')
