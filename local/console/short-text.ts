const MAX_CHARACTERS = 120

/** Shortens a name, id or level: a huge one must neither fill the page nor stay in memory. */
export const shortText = (text: string): string =>
  text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS - 1)}…`
