// Common Event Format, ArcSight's "Implementing ArcSight Common Event Format (CEF)", version 26.

/** Control characters have no escape, except line breaks in extensions. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
const CONTROL = /[\u0000-\u001f\u007f]/g

/** A header field: a pipe ends it, and it cannot hold line breaks. */
export const headerText = (text: string): string => text.replace(/[\\|]/g, '\\$&').replace(CONTROL, ' ')

/** The value of an extension: an equals sign would begin the next one. */
export const extensionText = (text: string): string =>
  text.replace(/[\\=]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(CONTROL, ' ')
