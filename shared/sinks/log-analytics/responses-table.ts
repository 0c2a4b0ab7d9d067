import { type Column, column, type Table } from './column.ts'
import { evidenceColumns, headColumns, ownRiskColumns } from './shared-columns.ts'

const response = (member: string): Column['from'] => ({ content: 'response', member })

/** What operators did about identities at risk. */
export const responsesTable: Table = {
  name: 'EntraRiskResponses_CL',
  description: 'What operators did about workload identities by `risk-export respond`.',
  columns: [
    ...headColumns,
    ...ownRiskColumns,
    column(
      'Action',
      'string',
      response('action'),
      'confirm-compromised, dismiss, confirm-safe, disable, enable or remove-credential.',
    ),
    column('Result', 'string', response('result'), 'done or failed.'),
    column('Fault', 'string', response('fault'), 'Why it failed.'),
    column('ActorId', 'string', response('actorId'), 'Object id of the signed-in person.'),
    column('Reason', 'string', response('reason'), 'The reason given.'),
    column('RequestId', 'string', response('requestId'), "Microsoft Graph's request id."),
    column('CredentialKeyId', 'string', response('credential.keyId'), 'Key id of the removed credential.'),
    column(
      'CredentialOn',
      'string',
      response('credential.on'),
      'The object it was on: servicePrincipal or application.',
    ),
    column('Forced', 'boolean', response('force'), 'Whether the last valid credential might go.'),
    ...evidenceColumns,
  ],
}
