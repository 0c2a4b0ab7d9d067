/** Characters that stand in JSON text as themselves, as almost all do that texts of ours hold. */
const PLAIN = /^[ !#-[\]-~]*$/

/** JSON text of a text: what `JSON.stringify` makes of it, in a third of its time. */
export const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text))
