import { ExpressionError, evaluated, type Surroundings, type Value } from './expression.ts'

/** A request of the workflow, as it goes out. */
export interface SentRequest {
  readonly method: string
  readonly uri: string
  readonly body: Value
  /** For whom the managed identity's token is. */
  readonly audience: string
}
export interface Answer {
  readonly status: number
  readonly body: Value
}

type Status = 'Succeeded' | 'Failed' | 'Skipped'
interface Action {
  readonly type: string
  readonly inputs?: Value
  readonly runAfter: Readonly<Record<string, readonly string[]>>
  readonly actions?: Actions
  readonly else?: { readonly actions: Actions }
  readonly foreach?: string
  readonly expression?: { readonly and: readonly Readonly<Record<string, readonly [Value, Value]>>[] }
}
type Actions = Readonly<Record<string, Action>>
export interface Workflow {
  readonly parameters: Readonly<Record<string, unknown>>
  readonly actions: Actions
}

interface HttpInputs {
  readonly method: string
  readonly uri: string
  readonly queries?: Readonly<Record<string, string>>
  readonly body?: Value
  readonly authentication: { readonly type: string; readonly audience: string }
}

const CONDITIONS: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  contains: (whole, part) => typeof whole === 'string' && typeof part === 'string' && whole.includes(part),
  greater: (a, b) => Number(a) > Number(b),
}

/**
 * Runs a workflow definition as Logic Apps does, as far as our playbooks go: requests, loops, choices
 * and lists, each action after those that it names. What it does not know is an error.
 */
export class WorkflowRun {
  /** How each action ended, the last time that it ran. */
  readonly statuses = new Map<string, Status>()
  readonly #bodies = new Map<string, Value>()
  readonly #loops = new Map<string, Value>()
  readonly #send: (request: SentRequest) => Promise<Answer>
  readonly #parameters: Readonly<Record<string, Value>>
  readonly #trigger: Value
  #guids = 0

  constructor(
    send: (request: SentRequest) => Promise<Answer>,
    {
      parameters,
      trigger,
    }: { readonly parameters: Readonly<Record<string, Value>>; readonly trigger: Value },
  ) {
    this.#send = send
    this.#parameters = parameters
    this.#trigger = trigger
  }

  async run({ actions, parameters }: Workflow): Promise<void> {
    const given = Object.keys(this.#parameters)
    const wanted = Object.keys(parameters).filter((name) => name !== '$connections')
    if (given.sort().join() !== wanted.sort().join())
      throw new ExpressionError(`parameters ${given} are given, ${wanted} are wanted`)
    await this.#all(actions)
  }

  /** Whether all went well: none of the last actions failed. */
  async #all(actions: Actions): Promise<Status> {
    const left = new Map(Object.entries(actions))
    while (left.size > 0) {
      const ready = [...left].find(([, { runAfter }]) =>
        Object.keys(runAfter).every((name) => !left.has(name)),
      )
      if (ready === undefined) throw new ExpressionError(`a circle among ${[...left.keys()]}`)
      const [name, action] = ready
      const isDue = Object.entries(action.runAfter).every(([before, wanted]) => {
        const status = this.statuses.get(before)
        if (status === undefined || !(before in actions)) throw new ExpressionError(`no action ${before}`)
        return wanted.includes(status)
      })
      if (!isDue) this.#bodies.delete(name)
      this.statuses.set(name, isDue ? await this.#one(name, action) : 'Skipped')
      left.delete(name)
    }
    const followed = new Set(Object.values(actions).flatMap(({ runAfter }) => Object.keys(runAfter)))
    const last = Object.keys(actions).filter((name) => !followed.has(name))
    return last.some((name) => this.statuses.get(name) === 'Failed') ? 'Failed' : 'Succeeded'
  }

  #around(item: Value): Surroundings {
    return {
      parameters: this.#parameters,
      trigger: this.#trigger,
      body: (action) => {
        if (!this.statuses.has(action)) throw new ExpressionError(`${action} has not run`)
        return this.#bodies.get(action) ?? null
      },
      items: (loop) => {
        const current = this.#loops.get(loop)
        if (current === undefined) throw new ExpressionError(`no loop ${loop}`)
        return current
      },
      item: () => item,
    }
  }

  #value(value: Value, item: Value = null): Value {
    const guid = () => `00000000-0000-4000-8000-${String(++this.#guids).padStart(12, '0')}`
    return evaluated(value, this.#around(item), guid)
  }

  #text(value: Value): string {
    const text = this.#value(value)
    if (typeof text !== 'string') throw new ExpressionError(`no text: ${JSON.stringify(value)}`)
    return text
  }

  #list(value: Value): readonly Value[] {
    const list = this.#value(value)
    if (!Array.isArray(list)) throw new ExpressionError(`no list: ${JSON.stringify(value)}`)
    return list
  }

  async #one(name: string, action: Action): Promise<Status> {
    const inputs = action.inputs as Readonly<Record<string, Value>>
    switch (action.type) {
      case 'Compose':
        this.#bodies.set(name, this.#value(action.inputs ?? null))
        return 'Succeeded'
      case 'Select':
        this.#bodies.set(
          name,
          this.#list(inputs['from'] ?? null).map((item) => this.#value(inputs['select'] ?? null, item)),
        )
        return 'Succeeded'
      case 'Query':
        this.#bodies.set(
          name,
          this.#list(inputs['from'] ?? null).filter(
            (item) => this.#value(inputs['where'] ?? null, item) === true,
          ),
        )
        return 'Succeeded'
      case 'ApiConnection':
        return this.#connector(name, inputs)
      case 'Http':
        return this.#http(name, action.inputs as unknown as HttpInputs)
      case 'If':
        return this.#all((this.#holds(action) ? action.actions : action.else?.actions) ?? {})
      case 'Foreach': {
        let failed = false
        for (const item of this.#list(action.foreach ?? '')) {
          this.#loops.set(name, item)
          if ((await this.#all(action.actions ?? {})) === 'Failed') failed = true
        }
        return failed ? 'Failed' : 'Succeeded'
      }
      default:
        throw new ExpressionError(`unknown action ${action.type}`)
    }
  }

  #holds({ expression }: Action): boolean {
    return (expression?.and ?? []).every((condition) =>
      Object.entries(condition).every(([operator, [a, b]]) => {
        const compare = CONDITIONS[operator]
        if (compare === undefined) throw new ExpressionError(`unknown condition ${operator}`)
        return compare(this.#value(a), this.#value(b))
      }),
    )
  }

  /** By a connector: what it is asked, and of which connection. */
  async #connector(name: string, inputs: Readonly<Record<string, Value>>): Promise<Status> {
    const { connection } = inputs['host'] as { readonly connection: { readonly name: string } }
    const answer = await this.#send({
      method: this.#text(inputs['method'] ?? null).toUpperCase(),
      uri: `connector:${this.#text(inputs['path'] ?? null)}`,
      body: null,
      audience: connection.name,
    })
    this.#bodies.set(name, answer.body)
    return answer.status < 400 ? 'Succeeded' : 'Failed'
  }

  async #http(name: string, inputs: HttpInputs): Promise<Status> {
    if (inputs.authentication.type !== 'ManagedServiceIdentity')
      throw new ExpressionError('not the managed identity')
    const uri = new URL(this.#text(inputs.uri))
    for (const [key, value] of Object.entries(inputs.queries ?? {}))
      uri.searchParams.set(key, this.#text(value))
    const answer = await this.#send({
      method: inputs.method,
      uri: uri.href,
      body: this.#value(inputs.body ?? null),
      audience: inputs.authentication.audience,
    })
    this.#bodies.set(name, answer.body)
    return answer.status < 400 ? 'Succeeded' : 'Failed'
  }
}
