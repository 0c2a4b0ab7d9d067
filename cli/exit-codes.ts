/** What the process says to a script. Documented in docs/cli.md and by `--help`. */
export const EXIT = {
  /** Done as asked. */
  done: 0,
  /** Done, and something is wrong or was not found. */
  problem: 1,
  /** The words on the command line cannot be understood. */
  usage: 2,
  /** It could not be done: settings, sign-in, or a service that does not answer. */
  couldNotRun: 3,
  /** Ctrl-C, before it was done. */
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export const EXIT_CODES_HELP = `Exit codes: 0 success; 1 completed, but something is wrong or was not found; 2 invalid command line;
3 could not run (settings, sign-in, a service that does not answer); 130 interrupted.`
