import type { CategoryMeaning } from '../domain/category.ts'
import type { Identity, Risk } from '../domain/risk-event.ts'
import { fieldNames } from './field-names.ts'
import type { Fields } from './fields.ts'
import { idForm } from './guid.ts'
import { present } from './present.ts'

/** An id in its one form. */
export const idIn = (fields: Fields, name: string): string | undefined => {
  const id = fields.text(name)
  return id === undefined ? undefined : idForm(id)
}

/** Whom a record is about. */
export function identityOf(meaning: CategoryMeaning, properties: Fields): Identity {
  const names = fieldNames(meaning)
  const isUser = meaning.identityType === 'user'
  return present<Identity>({
    type: meaning.identityType,
    id: idForm(properties.requiredText(names.identityId)),
    displayName: properties.firstText(names.displayName),
    appId: idIn(properties, 'appId'),
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
    state: properties.text('riskState'),
    detail: properties.text('riskDetail'),
    eventType: kind === 'riskDetection' ? properties.text('riskEventType') : undefined,
  })
