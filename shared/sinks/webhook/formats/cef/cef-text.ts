// Common Event Format, ArcSight's "Implementing ArcSight Common Event Format (CEF)", version 26.

/** Control characters have no escape, except line breaks in extensions. */
const CONTROL = /\p{Cc}/gu

const asJsonEscape = (control: string): string => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`

/** A header field: a pipe ends it, and it cannot hold line breaks. */
export const headerText = (text: string): string => text.replace(/[\\|]/g, '\\$&').replace(CONTROL, ' ')

/** The value of an extension: an equals sign would begin the next one. */
export const extensionText = (text: string): string =>
  text.replace(/[\\=]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(CONTROL, ' ')

/** JSON as the value of an extension; nothing of it is lost. */
export const extensionJson = (json: string): string => extensionText(json.replace(CONTROL, asJsonEscape))
