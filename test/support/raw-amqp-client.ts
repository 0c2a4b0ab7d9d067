import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import rhea, { type Connection, type EventContext, type Message } from 'rhea'
import { onTestFinished } from 'vitest'

/** A bare AMQP connection: for what the official client never does. */
export async function rawConnection(port: number, host = '127.0.0.1'): Promise<Connection> {
  const connection = rhea.create_container().connect({ port, host, reconnect: false, username: 'raw' })
  const lost = once(connection, 'disconnected').then(([context]) =>
    Promise.reject((context as EventContext).error),
  )
  lost.catch(() => undefined)
  onTestFinished(() => connection.close())
  await Promise.race([once(connection, 'connection_open'), lost])
  return connection
}

export interface TokenClaim {
  readonly audience: string
  readonly key?: string
  readonly keyName?: string
  readonly expiresAtMs?: number
}

export function sasToken(claim: TokenClaim): string {
  const { audience, key = 'SAS_KEY_VALUE', keyName = 'RootManageSharedAccessKey' } = claim
  const expiry = Math.floor((claim.expiresAtMs ?? Date.now() + 3_600_000) / 1000)
  const resource = encodeURIComponent(audience)
  const signature = createHmac('sha256', key).update(`${resource}\n${expiry}`).digest('base64')
  return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}&se=${expiry}&skn=${keyName}`
}

/** Shows a token to `$cbs`; answers with the status that comes back. */
export async function putToken(connection: Connection, token: string, audience: string): Promise<number> {
  const answer = await request(connection, '$cbs', {
    body: token,
    application_properties: {
      operation: 'put-token',
      type: 'servicebus.windows.net:sastoken',
      name: audience,
    },
  })
  return answer.application_properties?.['status-code']
}

export async function request(connection: Connection, node: string, message: Message): Promise<Message> {
  const replyTo = `reply-${rhea.generate_uuid()}`
  const receiver = connection.open_receiver({ name: replyTo, source: { address: node } })
  const sender = connection.open_sender({ target: { address: node } })
  await once(sender, 'sendable')
  const answered = once(receiver, 'message')
  sender.send({ ...message, reply_to: replyTo, message_id: replyTo })
  const [{ message: answer }] = (await answered) as [EventContext]
  sender.close()
  receiver.close()
  if (answer === undefined) throw new Error(`${node} answered with nothing`)
  return answer
}

/**
 * Sends one message by itself, in the plain format or as given; answers `accepted`, or with the
 * condition of its refusal.
 */
export async function sendRaw(
  connection: Connection,
  address: string,
  message: Message | Buffer,
  format?: number,
): Promise<string> {
  const sender = connection.open_sender({ target: { address } })
  const refused = once(sender, 'sender_error').then(() => String(conditionOf(sender.error)))
  const sent = once(sender, 'sendable').then(async () => {
    const outcome = Promise.race([
      once(sender, 'accepted').then(() => 'accepted'),
      once(sender, 'rejected').then(([context]) =>
        conditionOf((context as EventContext).delivery?.remote_state?.error),
      ),
    ])
    sender.send(message, undefined, format)
    return outcome
  })
  return String(await Promise.race([refused, sent]))
}

function conditionOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'condition' in error ? error.condition : error
}
