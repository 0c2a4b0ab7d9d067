import type * as z from 'zod/mini'

/** Raw values from the environment. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Whether this is a reference to Key Vault or App Configuration. The platform replaces it by the
 * value; the app gets the reference only if that failed.
 */
export const isReference = (value: string | undefined): boolean =>
  /^@Microsoft\.(?:KeyVault|AppConfiguration)\(/i.test(value ?? '')

/** An empty app setting counts as unset: portals and templates unset one this way. */
export const present = (env: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    ),
  )

/** Settings that were read one by one. */
interface ReadEach<T> {
  /** Absent: unset or invalid. */
  readonly valid: { readonly [name in keyof T]?: T[name] | undefined }
  /** What is wrong with single settings, by name. */
  readonly problems: ReadonlyMap<string, string>
}

/**
 * Reads each setting of a schema on its own.
 * @param partial the schema, with every setting optional
 * @param prefix what the names in the environment begin with
 */
export function readEach<T>(
  schema: z.ZodMiniType<T> & { readonly shape: object },
  partial: z.ZodMiniType<{ readonly [name in keyof T]?: T[name] | undefined }>,
  values: Readonly<Record<string, string>>,
  prefix = '',
): ReadEach<T> {
  const own: Record<string, string> = {}
  for (const name of Object.keys(schema.shape)) {
    const value = values[prefix + name]
    if (value !== undefined) own[name] = value
  }
  const problems = new Map<string, string>()
  for (const { path, message } of schema.safeParse(own).error?.issues ?? []) {
    const name = path.join('.')
    if (problems.has(name)) continue
    problems.set(
      name,
      own[name] === undefined ? `${prefix}${name} is not set` : `${prefix}${name}: ${message}`,
    )
  }
  for (const name of Object.keys(own).filter((one) => isReference(own[one])))
    problems.set(
      name,
      `${prefix}${name}: the reference is not resolved: check that the vault has the secret and that the app may read it`,
    )
  const valid = Object.fromEntries(Object.entries(own).filter(([name]) => !problems.has(name)))
  return { valid: partial.parse(valid), problems }
}
