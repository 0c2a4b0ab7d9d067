/** How the receiver handles a request; scripts have one step per request. */
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

/** Stores and answers normally. */
export const accept: ReceiverStep = { kind: 'accept' }

/** Stores nothing and returns this status. */
export const refuse = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): ReceiverStep => ({ kind: 'refuse', status, headers, body })

/** Stores nothing and never answers. */
export const hang: ReceiverStep = { kind: 'hang' }

/** Stores, and answers late. */
export const slow = (delayMs: number): ReceiverStep => ({ kind: 'slow', delayMs })

/** Reads the request, stores nothing and resets the connection. */
export const resetBeforeStoring: ReceiverStep = { kind: 'resetBeforeStoring' }

/** Stores, then resets the connection instead of answering: the sender cannot know. */
export const resetAfterStoring: ReceiverStep = { kind: 'resetAfterStoring' }
