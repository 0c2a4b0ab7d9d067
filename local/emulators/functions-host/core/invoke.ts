import { randomUUID } from 'node:crypto'
import type { HostLog } from '../host-log.ts'
import type { AppValue } from './app-value.ts'
import type { AppCore, RegisteredFunction } from './core-api.ts'
import type { CoreInvocationContext, InvocationModel, InvocationResponse } from './core-types.ts'
import type { HookContext } from './hooks.ts'
import { isThrown, parseThrown } from './parse-thrown.ts'
import type { RpcData, RpcRetryContext } from './rpc-data.ts'

/** A trigger's input to a function, in the host's data formats. */
export interface TriggerInput {
  readonly data: RpcData
  readonly triggerMetadata?: Readonly<Record<string, RpcData>>
  readonly retryContext?: RpcRetryContext
}

/** Result of one invocation. */
export type InvocationOutcome =
  | { readonly ok: true; readonly response: InvocationResponse }
  | { readonly ok: false; readonly error: Error }

/**
 * Invokes a registered function once, through the library's converters and all hooks; never
 * rejects.
 */
export async function invokeFunction(
  app: AppCore,
  registered: RegisteredFunction,
  input: TriggerInput,
  log: HostLog,
): Promise<InvocationOutcome> {
  try {
    const context = invocationContext(app, registered, input, log)
    const model = app.programmingModel()?.getInvocationModel(context)
    if (model === undefined)
      throw new Error('The app has not set a programming model; it must use @azure/functions 4.')
    return { ok: true, response: await runWithHooks(app, registered, context, model) }
  } catch (thrown) {
    return { ok: false, error: parseThrown(thrown) }
  }
}

async function runWithHooks(
  app: AppCore,
  registered: RegisteredFunction,
  core: CoreInvocationContext,
  model: InvocationModel,
): Promise<InvocationResponse> {
  const { context, inputs } = await model.getArguments()
  const shared = { hookData: {}, appHookData: app.hooks.appHookData, invocationContext: context }
  const before: HookContext = { ...shared, inputs, functionCallback: registered.callback }
  core.state = 'preInvocationHooks'
  await app.hooks.run('preInvocation', before)
  const callInputs: AppValue[] = before.inputs ?? inputs
  const after: HookContext = { ...shared, inputs: callInputs, result: null, error: null }
  core.state = 'invocation'
  try {
    after.result = await model.invokeFunction(
      context,
      callInputs,
      before.functionCallback ?? registered.callback,
    )
  } catch (thrown) {
    after.error = parseThrown(thrown)
  }
  core.state = 'postInvocationHooks'
  await app.hooks.run('postInvocation', after)
  core.state = undefined
  if (isThrown(after.error)) throw parseThrown(after.error)
  return model.getResponse(context, after.result)
}

function invocationContext(
  app: AppCore,
  { metadata }: RegisteredFunction,
  input: TriggerInput,
  log: HostLog,
): CoreInvocationContext {
  const invocationId = randomUUID()
  const triggerName = Object.entries(metadata.bindings).find(([, { type }]) => /trigger$/i.test(type))?.[0]
  if (triggerName === undefined) throw new Error(`The function "${metadata.name}" has no trigger.`)
  return {
    invocationId,
    metadata: { ...metadata, functionId: metadata.name },
    request: {
      invocationId,
      functionId: metadata.name,
      inputData: [{ name: triggerName, data: input.data }],
      ...(input.triggerMetadata && { triggerMetadata: input.triggerMetadata }),
      ...(input.retryContext && { retryContext: input.retryContext }),
    },
    state: undefined,
    log(level, category, message) {
      const line: HookContext = { hookData: {}, appHookData: app.hooks.appHookData, level, message, category }
      app.hooks.runNow('log', line)
      log({
        level: line.level ?? level,
        category,
        message: line.message ?? message,
        functionName: metadata.name,
        invocationId,
      })
    },
  }
}
