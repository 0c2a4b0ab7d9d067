import { InvariantError } from './invariant-error.ts'

/** A newer program version wrote this: left for it, never dead-lettered, never overwritten. */
export class NewerVersionError extends InvariantError {}
