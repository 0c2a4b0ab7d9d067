const MAX_CHARACTERS = 120

/**
 * A name, id or level as short as those that occur: one of a megabyte must neither fill the page
 * nor stay in memory.
 */
export const shortText = (text: string): string =>
  text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS - 1)}…`
