import { type Command, command } from '../command.ts'
import { bashScript } from '../completion/bash.ts'
import { completedCommands } from '../completion/completed.ts'
import { pwshScript } from '../completion/pwsh.ts'
import { zshScript } from '../completion/zsh.ts'
import { EXIT } from '../exit-codes.ts'
import { singleArgument } from '../read-options.ts'
import { UsageError } from '../usage-error.ts'

const SCRIPTS = { bash: bashScript, zsh: zshScript, pwsh: pwshScript } as const
const SHELLS = Object.keys(SCRIPTS)
const isShell = (word: string): word is keyof typeof SCRIPTS => Object.hasOwn(SCRIPTS, word)

/** @param commands all commands */
export const completionOf = (commands: () => Promise<readonly Command[]>): Command =>
  command({
    name: 'completion',
    summary: 'Print a completion script for bash, zsh or PowerShell',
    operand: { choices: SHELLS },
    usage: [SHELLS.join('|')],
    options: {},
    examples: [
      ['completion bash > ~/.local/share/bash-completion/completions/risk-export', 'for new bash sessions'],
      ['completion zsh > ~/.zfunc/_risk-export', 'for new zsh sessions, if ~/.zfunc is in fpath'],
      ['completion pwsh >> $PROFILE', 'for new PowerShell sessions'],
    ],
    async run({ operands }, context) {
      const shell = singleArgument(operands, SHELLS.join(', '))
      if (!isShell(shell)) throw new UsageError(`Expected ${SHELLS.join(', ')}.`)
      context.stdout.write(SCRIPTS[shell](completedCommands(await commands())))
      return EXIT.done
    },
  })
