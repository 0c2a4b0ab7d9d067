/** A list: the header comes several times. */
type Headers = Readonly<Record<string, string | string[]>>

/** How a scripted server treats one request. Every one reads the whole request first. */
export type ScriptedAnswer =
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers: Headers
      readonly body: string | ((requestBody: string) => string)
    }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'drip'; readonly part: 'head' | 'body'; readonly status: number }
  | { readonly kind: 'truncated'; readonly status: number }
  | { readonly kind: 'stalled'; readonly status: number }
  | { readonly kind: 'flood'; readonly status: number; readonly gzip: boolean }

/** A whole answer. A function as body sees the request's body after gunzip. */
export const status = (
  code: number,
  headers: Headers = {},
  body: string | ((requestBody: string) => string) = '',
): ScriptedAnswer => ({ kind: 'status', status: code, headers, body })

/** Sends the client elsewhere. */
export const redirect = (code: number, location: string): ScriptedAnswer => status(code, { location })

/**
 * Cuts the connection without a word, after the whole request was read: it may have been stored.
 */
export const reset = (): ScriptedAnswer => ({ kind: 'reset' })

/** Never answers. */
export const hang = (): ScriptedAnswer => ({ kind: 'hang' })

/** Answers a byte at a time and never ends: not even the status line, or after the head. */
export const drip = (part: 'head' | 'body', code: number): ScriptedAnswer => ({
  kind: 'drip',
  part,
  status: code,
})

/** Announces a longer body than it sends, then cuts the connection. */
export const truncated = (code: number): ScriptedAnswer => ({ kind: 'truncated', status: code })

/** Announces a body, and sends none. */
export const stalled = (code: number): ScriptedAnswer => ({ kind: 'stalled', status: code })

/**
 * A body without end, as fast as the client takes it; `gzip`: one that unpacks to a thousand times
 * its size.
 */
export const flood = (code: number, gzip = false): ScriptedAnswer => ({ kind: 'flood', status: code, gzip })
