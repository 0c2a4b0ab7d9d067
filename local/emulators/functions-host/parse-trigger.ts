import type { CoreBinding, CoreFunctionMetadata } from './core/core-types.ts'

/**
 * A function's trigger with the options that the local host supports; texts may still contain
 * `%SETTING%`.
 */
export type Trigger =
  | {
      readonly type: 'eventHub'
      readonly eventHubName: string
      readonly connection: string
      readonly consumerGroup: string
    }
  | {
      readonly type: 'queue'
      readonly queueName: string
      readonly connection: string
      readonly binary: boolean
    }
  | {
      readonly type: 'timer'
      readonly schedule: string
      readonly runOnStartup: boolean
      readonly useMonitor: boolean
    }
  | {
      readonly type: 'http'
      readonly route: string
      readonly methods: readonly string[]
      readonly authLevel: 'anonymous' | 'function' | 'admin'
    }

/**
 * Parses a function's bindings. Throws for what the local host would run differently from Azure:
 * other triggers, input and output bindings, and Event Hub triggers that do not take raw bytes.
 */
export function parseTrigger(metadata: CoreFunctionMetadata): Trigger {
  const bindings = Object.entries(metadata.bindings)
  const binding = bindings.map(([, candidate]) => candidate).find(({ type }) => /trigger$/i.test(type))
  const others = bindings.filter(([name, other]) => other !== binding && name !== '$return')
  if (binding === undefined) throw new Error(`The function "${metadata.name}" has no trigger.`)
  if (others.length > 0) {
    throw new Error(
      `The function "${metadata.name}" has input or output bindings, which the local host does not run.`,
    )
  }
  switch (binding.type.toLowerCase()) {
    case 'eventhubtrigger':
      return eventHubTrigger(metadata.name, binding)
    case 'queuetrigger':
      return {
        type: 'queue',
        queueName: text(binding.queueName),
        connection: text(binding.connection),
        binary: binding.dataType === 'binary',
      }
    case 'timertrigger':
      return {
        type: 'timer',
        schedule: text(binding.schedule),
        runOnStartup: binding.runOnStartup === true,
        useMonitor: binding.useMonitor !== false,
      }
    case 'httptrigger':
      return {
        type: 'http',
        route: text(binding.route) || metadata.name,
        methods: Array.isArray(binding.methods)
          ? binding.methods.map((method) => String(method).toUpperCase())
          : [],
        authLevel: authLevel(binding.authLevel),
      }
    default:
      throw new Error(
        `The function "${metadata.name}" has a ${binding.type}, which the local host does not run.`,
      )
  }
}

function eventHubTrigger(name: string, binding: CoreBinding): Trigger {
  if (binding.cardinality !== 'many' || binding.dataType !== 'binary') {
    throw new Error(
      `The function "${name}" must have cardinality "many" and dataType "binary": the local host gives exact bytes only.`,
    )
  }
  const consumerGroup = text(binding.consumerGroup) || '$Default'
  const { eventHubName, connection } = binding
  return { type: 'eventHub', eventHubName: text(eventHubName), connection: text(connection), consumerGroup }
}

function authLevel(value: unknown): 'anonymous' | 'function' | 'admin' {
  const level = text(value).toLowerCase()
  return level === 'function' || level === 'admin' ? level : 'anonymous'
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
