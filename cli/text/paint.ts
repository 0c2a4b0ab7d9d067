import { styleText } from 'node:util'

export type Colour = 'red' | 'yellow' | 'green' | 'bold' | 'dim'

/** Colours a text, or leaves it. */
export type Paint = (colour: Colour, text: string) => string

// Node would look at the process's own output again.
const DECIDED = { validateStream: false }

/** Colours only where a person is looking and has not said no: https://no-color.org */
export const paintFor = (isTerminal: boolean, noColor: string | undefined): Paint =>
  isTerminal && (noColor ?? '') === ''
    ? (colour, text) => styleText(colour, text, DECIDED)
    : (_, text) => text
