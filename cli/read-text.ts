const startsWith = (bytes: Buffer, ...mark: readonly number[]): boolean =>
  mark.every((byte, at) => bytes[at] === byte)

/**
 * A text as UTF-8 without a byte order mark: Windows PowerShell writes UTF-16 where `>` sends the
 * output of a command into a file.
 */
export function utf8Of(bytes: Buffer): Buffer {
  const encoding = startsWith(bytes, 0xff, 0xfe)
    ? 'utf-16le'
    : startsWith(bytes, 0xfe, 0xff)
      ? 'utf-16be'
      : startsWith(bytes, 0xef, 0xbb, 0xbf)
        ? 'utf-8'
        : undefined
  return encoding === undefined ? bytes : Buffer.from(new TextDecoder(encoding).decode(bytes))
}
