import rhea, { type Typed } from 'rhea'

/** An answer of `$cbs` or `$management`. */
export interface NodeAnswer {
  readonly status: number
  readonly description: string
  /** An error condition; present on refusals only. */
  readonly condition?: string
  readonly body?: Readonly<Record<string, Typed | string | boolean>>
}

export function refused(status: number, condition: string, description: string): NodeAnswer {
  return { status, condition, description }
}

/** The application properties that clients look for. */
export function answerProperties(answer: NodeAnswer): Readonly<Record<string, Typed | string>> {
  return {
    'status-code': rhea.types.wrap_int(answer.status),
    'status-description': answer.description,
    ...(answer.condition === undefined ? {} : { 'error-condition': answer.condition }),
  }
}
