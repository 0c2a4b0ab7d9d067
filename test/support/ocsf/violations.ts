import type { Attribute, Definition, PublishedSchema } from './published-schema.ts'

type Members = Readonly<Record<string, unknown>>

const CAPTION_OF_OTHER = '99'

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function isOf(base: Attribute['base'], value: unknown): boolean {
  switch (base) {
    case 'any':
      return true
    case 'integer':
      return Number.isInteger(value)
    case 'object':
      return isMembers(value)
    case 'string':
    case 'number':
    case 'boolean':
      // oxlint-disable-next-line valid-typeof -- the three that `typeof` knows by the same name
      return typeof value === base
  }
}

/** What is wrong with an event by the published schema. */
export function violations(schema: PublishedSchema, event: unknown): readonly string[] {
  if (!isMembers(event)) return ['is no object']
  const { class_uid, category_uid, activity_id, type_uid, metadata } = event
  const definition = schema.class(Number(class_uid))
  if (definition === undefined) return [`class_uid ${class_uid} is unknown`]
  const { profiles = [], version } = isMembers(metadata) ? metadata : {}
  return [
    ...(version === schema.version ? [] : [`metadata.version is not ${schema.version}`]),
    ...(category_uid === Math.floor(Number(class_uid) / 1000) ? [] : ['category_uid is not of the class']),
    ...(type_uid === Number(class_uid) * 100 + Number(activity_id)
      ? []
      : ['type_uid is not of the activity']),
    ...ofObject(schema, definition, event, profiles as readonly string[], ''),
  ]
}

const isActive = ({ profile }: Attribute, profiles: readonly string[]): boolean =>
  profile === undefined || profiles.includes(profile)

function ofObject(
  schema: PublishedSchema,
  { attributes, atLeastOne }: Definition,
  members: Members,
  profiles: readonly string[],
  at: string,
): readonly string[] {
  const missing = [...attributes].flatMap(([name, attribute]) =>
    attribute.isRequired && isActive(attribute, profiles) && members[name] === undefined
      ? [`${at}${name} is missing`]
      : [],
  )
  const wrong = Object.entries(members).flatMap(([name, value]) => {
    const attribute = attributes.get(name)
    if (attribute === undefined) return [`${at}${name} is not in the schema`]
    if (!isActive(attribute, profiles)) return [`${at}${name} needs the profile ${attribute.profile}`]
    if (attribute.isDeprecated) return [`${at}${name} is deprecated`]
    if (attribute.isArray !== Array.isArray(value)) return [`${at}${name} is an array or should be one`]
    const values = Array.isArray(value) ? value : [value]
    return values.flatMap((one) => ofValue(schema, attribute, one, members, profiles, `${at}${name}`))
  })
  const hasOne = atLeastOne.length === 0 || atLeastOne.some((name) => members[name] !== undefined)
  return [...missing, ...wrong, ...(hasOne ? [] : [`${at} has none of ${atLeastOne}`])]
}

function ofValue(
  schema: PublishedSchema,
  attribute: Attribute,
  value: unknown,
  beside: Members,
  profiles: readonly string[],
  at: string,
): readonly string[] {
  const { base, captions, object, pattern, sibling } = attribute
  if (!isOf(base, value)) return [`${at} is not ${base}`]
  if (object !== undefined)
    return ofObject(schema, schema.object(object), value as Members, profiles, `${at}.`)
  if (pattern !== undefined && !pattern.test(String(value))) return [`${at} has not the form of its type`]
  if (captions.size === 0) return []
  const caption = captions.get(String(value))
  if (caption === undefined) return [`${at} has no value ${value}`]
  const told = sibling === undefined ? undefined : beside[sibling]
  if (String(value) === CAPTION_OF_OTHER) return told === undefined ? [`${at} is 99 without ${sibling}`] : []
  return told === undefined || told === caption
    ? []
    : [`${at} is ${caption}, but ${sibling} is ${JSON.stringify(told)}`]
}
