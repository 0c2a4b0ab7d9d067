/** What could end a literal or its line, or be invisible in it. */
const ESCAPED = /["\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

const hex = (unit: number): string => unit.toString(16).padStart(4, '0')

/** The UTF-16 units of a character, as KQL writes them. */
const escaped = (character: string): string =>
  character === '"' || character === '\\'
    ? `\\${character}`
    : Array.from({ length: character.length }, (_, i) => `\\u${hex(character.charCodeAt(i))}`).join('')

/**
 * A text as a literal of the Kusto Query Language, on one line, whatever the text is:
 * https://learn.microsoft.com/kusto/query/scalar-data-types/string
 */
export const kqlText = (text: string): string => `"${text.replace(ESCAPED, escaped)}"`
