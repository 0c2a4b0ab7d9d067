import { EVENT_FIELDS, type Field } from '../../../shared/domain/event-fields.ts'
import type { ArchivedEvent } from '../../../shared/domain/exported-event.ts'
import { PLACE_NOTES } from './field-notes.ts'
import { codes, exampleWith, tableOf } from './field-tables.ts'

/** All values of a JSON object, by their paths; lists are values. */
function leavesOf(value: unknown, path = ''): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Map([[path, JSON.stringify(value)]])
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [
      ...leavesOf(inner, path === '' ? name : `${path}.${name}`),
    ]),
  )
}

const PLACE = Object.keys(PLACE_NOTES) as readonly (keyof typeof PLACE_NOTES)[]

/**
 * The table from an event's fields to those of a destination that depend on them, as found by
 * changing one after the other. Fields that nothing depends on are left out.
 * @param documentOf what the destination gets of an event, without the event itself
 */
export function mappingTable(documentOf: (event: ArchivedEvent) => unknown): string {
  const before = leavesOf(documentOf(exampleWith()))
  const dependentOn = (field: Field): readonly string[] => {
    const after = leavesOf(documentOf(exampleWith(field)))
    return [...new Set([...before.keys(), ...after.keys()])].filter(
      (name) => before.get(name) !== after.get(name),
    )
  }
  const rows = [...EVENT_FIELDS, ...PLACE].flatMap((field) => {
    const names = dependentOn(field)
    return names.length === 0 ? [] : [[`\`${field}\``, codes(names)]]
  })
  return tableOf(['Event', 'Field'], rows)
}
