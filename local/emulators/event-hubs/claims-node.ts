import type { BrokerContext } from './broker-context.ts'
import { entityPath } from './entity-address.ts'
import { type NodeAnswer, refused } from './node-answer.ts'
import type { NodeRequest } from './parse-request.ts'
import { sasTokenProblem } from './sas-token.ts'

/** Type of a token of Entra ID; any other is a shared access signature. */
const ENTRA_TOKEN = 'jwt'
/** Clients need far fewer: one per link. */
const maxGrants = 10_000

/**
 * Answers a `put-token`: a valid token grants access to its entity on this connection. Source: AMQP
 * claims-based security 1.0.
 */
export function answerClaim(
  request: NodeRequest,
  grants: Set<string>,
  { accessKey, isValidToken, nowMs }: Pick<BrokerContext, 'accessKey' | 'isValidToken' | 'nowMs'>,
): NodeAnswer {
  if (request.operation !== 'put-token') {
    return refused(400, 'amqp:not-implemented', `The operation '${request.operation}' is not one of $cbs.`)
  }
  const problem =
    request.type === ENTRA_TOKEN
      ? isValidToken(request.body)
        ? undefined
        : 'InvalidIssuer: the token is none that this namespace takes.'
      : sasTokenProblem(request.body, request.name, accessKey, nowMs())
  if (problem !== undefined) return refused(401, 'com.microsoft:auth-failed', problem)
  if (grants.size >= maxGrants) {
    return refused(403, 'amqp:resource-limit-exceeded', 'The connection holds too many tokens.')
  }
  grants.add(entityPath(request.name))
  return { status: 202, description: 'Accepted' }
}
