import type { Attribute, Definition, PublishedSchema } from './published-schema.ts'

/** The part of JSON Schema that `docs/schemas` uses. */
export interface JsonSchema {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly oneOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
}

/** Where a JSON Schema of events would let through what the published schema forbids. */
export function disagreements(published: PublishedSchema, ours: JsonSchema): readonly string[] {
  const resolved = (schema: JsonSchema): JsonSchema =>
    schema.$ref === undefined ? schema : (ours.$defs?.[schema.$ref.split('/').at(-1) ?? ''] ?? {})

  const ofProperty = (attribute: Attribute, schema: JsonSchema, profiles: readonly string[], at: string) => {
    const written = resolved(schema)
    const { items } = written
    if (attribute.isArray !== (written.type === 'array') && written.const === undefined)
      return [`${at} is an array or should be one`]
    const one = attribute.isArray && items !== undefined ? resolved(items) : written
    return ofValue(attribute, one, profiles, at)
  }

  const ofValue = (
    attribute: Attribute,
    schema: JsonSchema,
    profiles: readonly string[],
    at: string,
  ): readonly string[] => {
    const { base, captions, object } = attribute
    if (object !== undefined)
      return (schema.oneOf ?? [schema]).flatMap((one) =>
        ofObject(published.object(object), resolved(one), profiles, `${at}.`),
      )
    const values = [...(schema.enum ?? []), ...(schema.const === undefined ? [] : [schema.const])].flat()
    const type = schema.type ?? (values.length === 0 ? base : typeof values[0])
    const hasType = base === 'any' || type === base || (base === 'integer' && type === 'number')
    const unknown = captions.size === 0 ? [] : values.filter((value) => !captions.has(String(value)))
    return [
      ...(hasType ? [] : [`${at} is ${type}, not ${base}`]),
      ...(captions.size > 0 && values.length === 0 ? [`${at} takes any value`] : []),
      ...unknown.map((value) => `${at} has no value ${value}`),
    ]
  }

  const ofObject = (
    { attributes, atLeastOne }: Definition,
    { properties = {}, required = [] }: JsonSchema,
    profiles: readonly string[],
    at: string,
  ): readonly string[] => {
    const optional = [...attributes].filter(
      ([name, { isRequired, profile }]) =>
        isRequired && (profile === undefined || profiles.includes(profile)) && !required.includes(name),
    )
    const unknown = Object.entries(properties).flatMap(([name, schema]) => {
      const attribute = attributes.get(name)
      if (attribute === undefined) return [`${at}${name} is not in the published schema`]
      if (attribute.isDeprecated) return [`${at}${name} is deprecated`]
      if (attribute.profile !== undefined && !profiles.includes(attribute.profile))
        return [`${at}${name} needs the profile ${attribute.profile}`]
      return ofProperty(attribute, schema, profiles, `${at}${name}`)
    })
    return [
      ...optional.map(([name]) => `${at}${name} is required`),
      ...unknown,
      ...lacksOne(atLeastOne, properties, at),
    ]
  }

  return (ours.oneOf ?? []).flatMap((one) => {
    const schema = resolved(one)
    const { class_uid: uid, metadata } = schema.properties ?? {}
    const definition = published.class(Number(uid?.const))
    const profiles = (metadata?.properties?.['profiles']?.const ?? []) as readonly string[]
    return definition === undefined
      ? [`class ${uid?.const} is unknown`]
      : ofObject(definition, schema, profiles, `${uid?.const} `)
  })
}

const lacksOne = (
  names: readonly string[],
  properties: Readonly<Record<string, JsonSchema>>,
  at: string,
): readonly string[] =>
  names.length === 0 || names.some((name) => name in properties) ? [] : [`${at} has none of ${names}`]
