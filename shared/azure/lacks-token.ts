/**
 * Whether something failed since nobody is signed in: the identity SDK could not give a token, on
 * one of several attempts or on all.
 */
export function lacksToken(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (/(?:Credential|Authentication)\w*Error$/.test(error.name)) return true
  return error instanceof AggregateError && error.errors.some(lacksToken)
}
