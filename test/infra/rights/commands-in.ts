/** A command of the Azure CLI or of azd, where a reader or a script runs it. */
export interface FoundCommand {
  readonly file: string
  /** The heading that it stands under; empty in a script. */
  readonly section: string
  /** The whole line, continued lines joined. */
  readonly line: string
  readonly tool: 'az' | 'azd'
  /** The words behind the tool's name, up to the first option. */
  readonly words: string
}

const COMMAND = /(?<![\w./-])(azd?)((?: [a-z][a-z0-9-]*)+)/g

const commandsOf = (file: string, section: string, line: string): readonly FoundCommand[] =>
  [...line.matchAll(COMMAND)].map((match) => ({
    file,
    section,
    line: line.slice(match.index),
    tool: match[1] === 'azd' ? 'azd' : 'az',
    words: match[2]?.trim() ?? '',
  }))

const joined = (text: string): readonly string[] => text.replace(/\\\n\s*/g, ' ').split('\n')

/** Commands of a page: in blocks of code, and in code within its sentences. */
export function commandsInPage(file: string, text: string): readonly FoundCommand[] {
  const found: FoundCommand[] = []
  let section = ''
  let inBlock = false
  for (const line of joined(text)) {
    if (/^\s*```/.test(line)) inBlock = !inBlock
    else if (inBlock) found.push(...commandsOf(file, section, line))
    else if (/^#{1,4} /.test(line)) section = line.replace(/^#+ /, '')
    else
      for (const [, code = ''] of line.matchAll(/`([^`]+)`/g)) found.push(...commandsOf(file, section, code))
  }
  return found
}

/** Commands of a script or workflow, its variables put in as far as they are constants. */
export function commandsInScript(file: string, text: string): readonly FoundCommand[] {
  const lines = joined(text).filter((line) => !/^\s*#/.test(line))
  const constants = new Map(
    lines.flatMap((line) => {
      const [, name, value] = /^\s*(\w+)=["']?(https:[^"'\s]+|\$\w+\/[^"'\s]+)["']?$/.exec(line) ?? []
      return name === undefined || value === undefined ? [] : [[name, value] as const]
    }),
  )
  const filled = (line: string, depth = 3): string =>
    depth === 0
      ? line
      : filled(
          line.replace(/\$(\w+)/g, (all, name: string) => constants.get(name) ?? all),
          depth - 1,
        )
  return lines.flatMap((line) => commandsOf(file, '', filled(line)))
}

/** Text of one section of a page, on one line; of the whole page for an empty heading. */
export function sectionText(page: string, heading: string): string {
  let section = ''
  let inBlock = false
  const lines = page.split('\n').filter((line) => {
    if (/^\s*```/.test(line)) inBlock = !inBlock
    else if (!inBlock && /^#{1,4} /.test(line)) section = line.replace(/^#+ /, '')
    return heading === '' || section === heading
  })
  return lines.join(' ').replace(/\s+/g, ' ')
}
