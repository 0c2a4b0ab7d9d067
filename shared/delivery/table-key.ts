/** Table keys may not hold `/ \ # ?` or control characters: those are percent-encoded; `|` separates parts. */
const encodePart = (part: string): string =>
  encodeURIComponent(part).replaceAll('%', '=').replaceAll('|', '=7C')
const decodePart = (part: string): string => decodeURIComponent(part.replaceAll('=', '%'))

/** A table key made of several texts. */
export const joinKey = (...parts: readonly string[]): string => parts.map(encodePart).join('|')

/** The texts of which a key was made. */
export const splitKey = (key: string): readonly string[] => key.split('|').map(decodePart)
