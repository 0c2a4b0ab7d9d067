import type { LogLevel } from '../host-log.ts'
import type { AppValue } from './app-value.ts'
import type { RpcData, RpcRetryContext } from './rpc-data.ts'

/**
 * The interface between the Functions worker and the library `@azure/functions`, as far as library
 * 4.x uses it. Source:
 * https://github.com/Azure/azure-functions-nodejs-library/blob/v4.x/types-core/index.d.ts
 */
export type FunctionCallback = (...inputs: readonly AppValue[]) => AppValue | Promise<AppValue>

export interface CoreBinding {
  readonly type: string
  readonly direction?: 'in' | 'out' | 'inout'
  readonly [option: string]: AppValue
}

export interface CoreDuration {
  readonly seconds: number
}

export interface CoreRetryOptions {
  readonly retryStrategy: 'fixedDelay' | 'exponentialBackoff'
  readonly maxRetryCount: number
  readonly delayInterval?: CoreDuration | undefined
  readonly minimumInterval?: CoreDuration | undefined
  readonly maximumInterval?: CoreDuration | undefined
}

export interface CoreFunctionMetadata {
  readonly name: string
  readonly functionId?: string
  readonly bindings: Readonly<Record<string, CoreBinding>>
  readonly retryOptions?: CoreRetryOptions | undefined
}

export interface CoreInvocationContext {
  readonly invocationId: string
  readonly metadata: CoreFunctionMetadata
  readonly request: {
    readonly invocationId: string
    readonly functionId: string
    readonly inputData: readonly { readonly name: string; readonly data: RpcData }[]
    readonly triggerMetadata?: Readonly<Record<string, RpcData>>
    readonly retryContext?: RpcRetryContext
  }
  state: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined
  log(level: LogLevel, category: 'user' | 'system', message: string): void
}

export interface InvocationResponse {
  readonly invocationId: string
  readonly outputData?: readonly { readonly name: string; readonly data: RpcData }[]
  readonly returnValue?: RpcData | null
}

export interface InvocationModel {
  getArguments(): Promise<{ readonly context: object; readonly inputs: AppValue[] }>
  invokeFunction(context: object, inputs: AppValue[], callback: FunctionCallback): Promise<AppValue>
  getResponse(context: object, result: AppValue): Promise<InvocationResponse>
}

export interface ProgrammingModel {
  readonly name: string
  readonly version: string
  getInvocationModel(context: CoreInvocationContext): InvocationModel
  getCapabilities(known: Record<string, string>): Promise<Readonly<Record<string, string>>>
}
