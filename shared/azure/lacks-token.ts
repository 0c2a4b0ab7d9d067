/** Whether nobody is signed in: the identity SDK gave no token, on one attempt or on all. */
export function lacksToken(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (/(?:Credential|Authentication)\w*Error$/.test(error.name)) return true
  return error instanceof AggregateError && error.errors.some(lacksToken)
}
