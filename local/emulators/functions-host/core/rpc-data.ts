/**
 * The formats in which the Functions host and the Node library exchange values. Exactly one field
 * is set; none means null. Source: `RpcTypedData` in
 * https://github.com/Azure/azure-functions-nodejs-library/blob/v4.x/types-core/index.d.ts
 */
export interface RpcData {
  readonly string?: string
  readonly json?: string
  readonly bytes?: Uint8Array
  readonly int?: number
  readonly double?: number
  readonly http?: RpcHttp
  readonly collectionBytes?: { readonly bytes: readonly Uint8Array[] }
  readonly collectionString?: { readonly string: readonly string[] }
  readonly collectionSint64?: { readonly sint64: readonly number[] }
}

export type RpcStrings = Readonly<Record<string, { readonly value: string }>>

/** A request to the library, or a response from it. */
export interface RpcHttp {
  readonly method?: string
  readonly url?: string
  readonly nullableHeaders?: RpcStrings
  readonly nullableQuery?: RpcStrings
  readonly nullableParams?: RpcStrings
  readonly statusCode?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly { readonly name: string }[]
  readonly body?: RpcData | null
}

/** The attempt number of a batch; only for functions with a retry policy. */
export interface RpcRetryContext {
  readonly retryCount: number
  readonly maxRetryCount: number
  readonly exception?: { readonly message: string; readonly source: string; readonly stackTrace: string }
}
