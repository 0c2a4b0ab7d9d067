import type { CategoryMeaning } from '../domain/category.ts'
import type { Identity, Risk } from '../domain/risk-event.ts'
import { fieldNames } from './field-names.ts'
import type { Fields } from './fields.ts'
import { lowerGuid } from './guid.ts'
import { present } from './present.ts'

const lowered = (id: string | undefined): string | undefined => (id === undefined ? undefined : lowerGuid(id))

/** Whom a record is about. */
export function identityOf(meaning: CategoryMeaning, properties: Fields): Identity {
  const names = fieldNames(meaning)
  const isUser = meaning.identityType === 'user'
  return present<Identity>({
    type: meaning.identityType,
    id: lowerGuid(properties.requiredText(names.identityId)),
    displayName: properties.firstText(names.displayName),
    appId: lowered(properties.text('appId')),
    subtype: names.subtype === undefined ? undefined : properties.text(names.subtype),
    userPrincipalName: isUser ? properties.text('userPrincipalName') : undefined,
    enabled: properties.boolean('accountEnabled') ?? properties.boolean('isEnabled'),
    deleted: properties.boolean('isDeleted'),
  })
}

/** How high the risk is, in Microsoft's own words; the type is a detection's alone. */
export const riskOf = ({ kind }: CategoryMeaning, properties: Fields): Risk =>
  present<Risk>({
    level: properties.text('riskLevel'),
    state: properties.keyText('riskState'),
    detail: properties.text('riskDetail'),
    eventType: kind === 'riskDetection' ? properties.text('riskEventType') : undefined,
  })
