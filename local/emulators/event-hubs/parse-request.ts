import type { Message } from 'rhea'

/** A request to `$cbs` or `$management`. */
export interface NodeRequest {
  readonly operation: string
  readonly type: string
  readonly name: string
  readonly partition: string
  readonly securityToken: string
  /** The body if it is text, otherwise empty. */
  readonly body: string
}

export function parseNodeRequest(message: Message): NodeRequest {
  const properties: unknown = message.application_properties
  const body: unknown = message.body
  return {
    operation: textField(properties, 'operation'),
    type: textField(properties, 'type'),
    name: textField(properties, 'name'),
    partition: textField(properties, 'partition'),
    securityToken: textField(properties, 'security_token'),
    body: typeof body === 'string' ? body : '',
  }
}

function textField(properties: unknown, key: string): string {
  if (typeof properties !== 'object' || properties === null) return ''
  const value: unknown = Object.getOwnPropertyDescriptor(properties, key)?.value
  return typeof value === 'string' ? value : ''
}
