/** Whether nobody is signed in: the identity SDK gave no token, on one or all attempts or below. */
export function lacksToken(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (/(?:Credential|Authentication)\w*Error$/.test(error.name)) return true
  return lacksToken(error.cause) || (error instanceof AggregateError && error.errors.some(lacksToken))
}
