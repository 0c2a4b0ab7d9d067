/** Queue whose messages say that contexts were requested. */
export const CONTEXT_QUEUE = 'identity-context'
