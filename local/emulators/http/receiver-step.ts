/** How the receiver treats one request; by script, one step a request. */
export type ReceiverStep =
  | { readonly kind: 'accept' }
  | {
      readonly kind: 'refuse'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
    }
  | { readonly kind: 'hang' }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'resetBeforeStoring' }
  | { readonly kind: 'resetAfterStoring' }

/** As if nothing were scripted. */
export const accept: ReceiverStep = { kind: 'accept' }

/** Stores nothing and answers so. */
export const refuse = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): ReceiverStep => ({ kind: 'refuse', status, headers, body })

/** Stores nothing and never answers. */
export const hang: ReceiverStep = { kind: 'hang' }

/** Stores, and answers late. */
export const slow = (delayMs: number): ReceiverStep => ({ kind: 'slow', delayMs })

/** Reads the request, stores nothing, cuts the connection. */
export const resetBeforeStoring: ReceiverStep = { kind: 'resetBeforeStoring' }

/** Stores, and cuts the connection instead of answering: the sender cannot know. */
export const resetAfterStoring: ReceiverStep = { kind: 'resetAfterStoring' }
