import rhea, { type Typed } from 'rhea'

/** A response of `$cbs` or `$management`. */
export interface NodeAnswer {
  readonly status: number
  readonly description: string
  /** Error condition, only on refusals. */
  readonly condition?: string
  readonly body?: Readonly<Record<string, Typed | string | boolean>>
}

export function refused(status: number, condition: string, description: string): NodeAnswer {
  return { status, condition, description }
}

/** Application properties that the clients evaluate. */
export function answerProperties(answer: NodeAnswer): Readonly<Record<string, Typed | string>> {
  return {
    'status-code': rhea.types.wrap_int(answer.status),
    'status-description': answer.description,
    ...(answer.condition === undefined ? {} : { 'error-condition': answer.condition }),
  }
}
