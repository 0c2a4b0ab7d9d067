import type { ValueObject } from './value.ts'

/** A resource as the deployment would ask Azure for it. */
export interface Deployed {
  readonly file: string
  /** Its symbol in that file; of an ARM template, its place. */
  readonly symbol: string
  readonly type: string
  readonly apiVersion: string
  readonly name: string
  readonly id: string
  /** Id of what it extends: where a role assignment or a diagnostic setting applies. */
  readonly scopeId: string | undefined
  readonly group: string
  /** Everything but name, parent, scope and dependencies. */
  readonly body: ValueObject
}

/** Where resources are collected, and where a file of the deployment stands. */
export interface Site {
  readonly group: string
  readonly found: Deployed[]
}
