/**
 * Breaks a text between words.
 * @param columns of the terminal; absent: it stays one line
 * @param indent of every line but the first
 */
export function wrap(text: string, columns: number | undefined, indent: string): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && columns !== undefined && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = indent + word
    } else line += line === '' ? word : ` ${word}`
  }
  return [...lines, line]
}
