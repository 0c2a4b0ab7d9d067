/** `T`, with every optional property stated, if only as `undefined`. */
export type Stated<T> = { readonly [K in keyof T]-?: undefined extends T[K] ? T[K] | undefined : T[K] }

/**
 * Leaves out what is `undefined`: absent is absent, in every form in which the value leaves the
 * program.
 */
export function present<T extends object>(stated: Stated<T>): T {
  const result: Partial<T> = {}
  for (const key in stated) if (stated[key] !== undefined) result[key] = stated[key]
  return result as T
}
