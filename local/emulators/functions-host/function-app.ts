import { setImmediate as turn } from 'node:timers/promises'
import { type LoadedApp, type LoadOptions, loadApp } from './app/load-app.ts'
import type { AppCore, RegisteredFunction } from './core/core-api.ts'
import { type InvocationOutcome, invokeFunction, type TriggerInput } from './core/invoke.ts'
import { parseThrown } from './core/parse-thrown.ts'
import { batchInput } from './event-hub/batch-input.ts'
import type { HubMessage } from './event-hub/hub-message.ts'
import { endsWithin } from './host-time.ts'
import { parseTrigger, type Trigger } from './parse-trigger.ts'
import { messageInput } from './queue/message-input.ts'
import { timerInput } from './timer/timer-input.ts'

/** A batch for a function with an Event Hub trigger, as if delivered by a partition. */
export interface HubBatch {
  readonly messages: readonly HubMessage[]
  /** Default `"0"`. */
  readonly partitionId?: string
  /** Number of earlier failures, default 0; only visible to functions with a retry policy. */
  readonly retryCount?: number
  readonly fullyQualifiedNamespace?: string
  readonly eventHubName?: string
}

/** A loaded app whose functions are invoked by hand, without Event Hub, storage or port. */
export interface FunctionApp {
  readonly core: AppCore
  readonly functions: readonly { readonly name: string; readonly trigger: Trigger }[]
  /** Fires a timer function once, not past due. */
  readonly invoke: (name: string) => Promise<InvocationOutcome>
  /** Invokes a function with an Event Hub trigger once, without its retry policy. */
  readonly invokeEventHub: (name: string, batch: HubBatch) => Promise<InvocationOutcome>
  /** The same in two steps: encodes the batch, which is the host's work, not the worker's. */
  readonly encodeEventHub: (name: string, batch: HubBatch) => () => Promise<InvocationOutcome>
  /** Invokes a function with a queue trigger once, with this text as the decoded message. */
  readonly invokeQueue: (name: string, text: string) => Promise<InvocationOutcome>
  /**
   * Invokes any function once; logs and returns a failure. Never settles if the app is terminated
   * meanwhile.
   */
  readonly run: (registered: RegisteredFunction, input: TriggerInput) => Promise<InvocationOutcome>
  /**
   * Runs the `appTerminate` hooks (five seconds, as in Azure) and unloads the app. The worker exits
   * right after its hooks: outcomes and log lines of invocations still running are lost.
   * Idempotent.
   */
  readonly terminate: () => Promise<void>
}

const TERMINATE_GRACE_MS = 5_000
const QUEUE_TIME = new Date(0)

/** Loads a built app as the Functions worker does. */
export async function loadFunctionApp(options: LoadOptions): Promise<FunctionApp> {
  let hasExited = false
  // Outcomes and log lines have to reach the host, which takes longer than the worker needs to
  // exit.
  const log: LoadOptions['log'] = (line) => {
    setImmediate(() => {
      if (!hasExited) options.log(line)
    })
  }
  const { core, unload } = await loadHeard({ ...options, log })
  const triggers = new Map([...core.functions].map(([name, { metadata }]) => [name, parseTrigger(metadata)]))
  const find = (name: string, type: Trigger['type']) => {
    const registered = core.functions.get(name)
    const trigger = triggers.get(name)
    if (registered !== undefined && trigger?.type === type) return { registered, trigger }
    throw new Error(`The app has no ${type} function "${name}"; it has: ${[...triggers.keys()].join(', ')}.`)
  }
  const run = async (registered: RegisteredFunction, input: TriggerInput) => {
    const outcome = await invokeFunction(core, registered, input, log)
    await turn()
    if (hasExited) return new Promise<InvocationOutcome>(() => undefined)
    if (!outcome.ok) {
      const { name } = registered.metadata
      options.log({
        level: 'error',
        category: 'host',
        message: `The function failed. ${outcome.error.message}`,
        functionName: name,
      })
    }
    return outcome
  }
  const encodeEventHub: FunctionApp['encodeEventHub'] = (name, batch) => {
    const { registered, trigger } = find(name, 'eventHub')
    const { retryOptions } = registered.metadata
    const partition = {
      fullyQualifiedNamespace: batch.fullyQualifiedNamespace ?? 'localhost',
      eventHubName: batch.eventHubName ?? 'hub',
      consumerGroup: trigger.type === 'eventHub' ? trigger.consumerGroup : '',
      partitionId: batch.partitionId ?? '0',
    }
    const retryContext = retryOptions && {
      retryCount: batch.retryCount ?? 0,
      maxRetryCount: retryOptions.maxRetryCount,
    }
    const input = batchInput(batch.messages, partition, true, retryContext)
    return () => run(registered, input)
  }
  let terminated: Promise<void> | undefined
  return {
    core,
    functions: [...triggers].map(([name, trigger]) => ({ name, trigger })),
    run,
    invoke: async (name) => run(find(name, 'timer').registered, timerInput(undefined, false)),
    invokeEventHub: async (name, batch) => encodeEventHub(name, batch)(),
    encodeEventHub,
    invokeQueue: async (name, text) => {
      const { registered, trigger } = find(name, 'queue')
      const times = { insertedOn: QUEUE_TIME, expiresOn: QUEUE_TIME, nextVisibleOn: QUEUE_TIME }
      const message = {
        messageId: 'by-hand',
        messageText: text,
        popReceipt: 'by-hand',
        dequeueCount: 1,
        ...times,
      }
      return run(
        registered,
        messageInput(message, Buffer.from(text), trigger.type === 'queue' && trigger.binary),
      )
    },
    terminate: () => {
      terminated ??= terminateApp(core, log).then(() => {
        hasExited = true
        return unload()
      })
      return terminated
    },
  }
}

/** Loads the app; its console output has been logged when this settles. */
async function loadHeard(options: LoadOptions): Promise<LoadedApp> {
  try {
    return await loadApp(options)
  } finally {
    await turn()
  }
}

async function terminateApp(core: AppCore, log: LoadOptions['log']): Promise<void> {
  const { appHookData } = core.hooks
  try {
    const ended = await endsWithin(
      core.hooks.run('appTerminate', { hookData: {}, appHookData }),
      TERMINATE_GRACE_MS,
    )
    if (!ended)
      log({ level: 'warning', category: 'host', message: 'The appTerminate hooks took more than 5 s.' })
  } catch (thrown) {
    log({
      level: 'error',
      category: 'host',
      message: `An appTerminate hook failed. ${parseThrown(thrown).message}`,
    })
  }
}
