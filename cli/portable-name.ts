/** What Windows allows in no name, and `%`, which marks what is written in its place. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: no name may have one.
const ILLEGAL = /[<>:"/\\|?*%\u0000-\u001f\u007f]/g
/** Names of devices, whatever follows behind a dot. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i
const TRAILING = /[. ]$/

const escaped = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

/** The name of a file or folder for one part of a blob's name: legal on every system. */
export const portableName = (part: string): string =>
  part
    .replace(ILLEGAL, escaped)
    .replace(RESERVED, (name) => escaped(name) + name.slice(1))
    .replace(TRAILING, escaped)

/** Whether people on every system can make a file or folder of this name. */
export const isPortable = (name: string): boolean => name !== '' && portableName(name) === name

/** Where a blob lies below a folder. */
export const portablePath = (blob: string): string => blob.split('/').map(portableName).join('/')
