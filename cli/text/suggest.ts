import { shellWord } from '../../shared/encoding/shell-word.ts'
import type { AppSelector } from '../app-environment.ts'

/** A command as it would be typed. */
export type Suggest = (...words: readonly string[]) => string

/** Suggests commands for the same app. */
export function suggestFor({ local, settings }: AppSelector): Suggest {
  const which = [...(local ? ['--local'] : []), ...(settings === undefined ? [] : ['--settings', settings])]
  return (...words) => ['risk-export', ...words, ...which].map(shellWord).join(' ')
}
