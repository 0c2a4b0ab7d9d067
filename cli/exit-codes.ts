/** Exit codes, documented in docs/cli.md and by `--help`. */
export const EXIT = {
  /** Done as requested. */
  done: 0,
  /** Done, but something is wrong or was not found. */
  problem: 1,
  /** Invalid command line. */
  usage: 2,
  /** Could not run: settings, sign-in, or a service that does not answer. */
  couldNotRun: 3,
  /** Interrupted by Ctrl-C. */
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export const EXIT_CODES_HELP = `Exit codes: 0 success; 1 completed, but something is wrong or was not found; 2 invalid command line;
3 could not run (settings, sign-in, a service that does not answer); 130 interrupted.`
