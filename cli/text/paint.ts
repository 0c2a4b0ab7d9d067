import { styleText } from 'node:util'

export type Colour = 'red' | 'yellow' | 'green' | 'bold' | 'dim'

/** Colours a text, or leaves it plain. */
export type Paint = (colour: Colour, text: string) => string

// Otherwise Node would check the process's own output again.
const DECIDED = { validateStream: false }

/** Colours only on a terminal, unless declined: https://no-color.org */
export const paintFor = (isTerminal: boolean, noColor: string | undefined): Paint =>
  isTerminal && (noColor ?? '') === ''
    ? (colour, text) => styleText(colour, text, DECIDED)
    : (_, text) => text
