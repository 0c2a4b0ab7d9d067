import { createResponder } from '../../shared/composition/create-responder.ts'
import { isGuid } from '../../shared/graph/respond/identity.ts'
import type { Outcome } from '../../shared/graph/respond/perform.ts'
import { isUnauthorized, type Plan } from '../../shared/graph/respond/plan.ts'
import { refusalText } from '../../shared/graph/respond/refusal.ts'
import {
  isRiskAction,
  MAX_IDENTITIES,
  RESPONSE_ACTIONS,
  type ResponseAction,
} from '../../shared/graph/respond/response-action.ts'
import { command } from '../command.ts'
import { NOTHING_CHANGED } from '../confirm.ts'
import { DEVICE_CODE_OPTION } from '../device-code-option.ts'
import { EXIT } from '../exit-codes.ts'
import {
  type IdentityResponse,
  plansText,
  refusalOf,
  responseJson,
  responsesText,
  VERB,
} from '../render/respond-text.ts'
import { signInFor } from '../sign-in.ts'
import { progressOn, soFar } from '../text/progress.ts'
import { UsageError } from '../usage-error.ts'

const MAX_REASON_CHARACTERS = 500

interface RespondRequest {
  readonly action: ResponseAction
  readonly asked: readonly string[]
}

function requestOf(operands: readonly string[], force: boolean): RespondRequest {
  const [word, ...rest] = operands
  const name = RESPONSE_ACTIONS.find((known) => known === word)
  if (name === undefined) throw new UsageError(`Expected ${RESPONSE_ACTIONS.join(', ')}.`)
  const isRemoval = name === 'remove-credential'
  if (force && !isRemoval) throw new UsageError('--force belongs to remove-credential.')
  const [keyId = '', ...holders] = rest
  if (isRemoval && !isGuid(keyId)) throw new UsageError('Expected the key id of the credential, a GUID.')
  const asked = [...new Set((isRemoval ? holders : rest).map((one) => one.trim()))]
  if (asked.length === 0 || asked.includes('')) throw new UsageError('Expected at least one identity.')
  if (asked.length > MAX_IDENTITIES)
    throw new UsageError(`Expected at most ${MAX_IDENTITIES} identities at a time; given ${asked.length}.`)
  return { action: isRemoval ? { name, keyId: keyId.toLowerCase(), force } : { name }, asked }
}

function reasonOf(text: string | undefined): string {
  const reason = text?.trim() ?? ''
  if (reason === '' || reason.length > MAX_REASON_CHARACTERS)
    throw new UsageError(`--reason: expected 1 to ${MAX_REASON_CHARACTERS} characters.`)
  return reason
}

const responseOf = (plan: Plan, outcomes: ReadonlyMap<Plan, Outcome>): IdentityResponse => {
  const outcome = outcomes.get(plan)
  if (plan.status !== 'planned') return { result: plan.status, plan }
  if (outcome === undefined) return { result: 'notTried', plan }
  return { result: outcome.refusal === undefined ? 'done' : 'failed', plan, outcome }
}

export const respond = command({
  name: 'respond',
  summary: 'Confirm or dismiss risk, disable an identity, remove a credential',
  operand: { choices: RESPONSE_ACTIONS },
  usage: [
    'confirm-compromised|dismiss|confirm-safe|disable|enable IDENTITY… --reason TEXT',
    'remove-credential KEYID IDENTITY… --reason TEXT',
  ],
  about: `Acts in Microsoft Graph with your own rights, never the app's, on up to ${MAX_IDENTITIES} workload identities. IDENTITY is an object id, an application id or
a whole display name. Shows what it will do and asks. Each change and its answer is sent to the event hub as a record of category
"RiskExport.ResponseAction", with your object id and the reason; what cannot be recorded is not done.
"confirm-safe" is for agents. "remove-credential" looks on the service principal and its application.`,
  options: {
    reason: {
      type: 'string',
      value: 'TEXT',
      help: `why; at most ${MAX_REASON_CHARACTERS} characters; kept in the record`,
    },
    'dry-run': { type: 'boolean', default: false, help: 'show what would be done, change nothing' },
    yes: { type: 'boolean', default: false, help: 'do not ask for confirmation' },
    force: {
      type: 'boolean',
      default: false,
      help: 'remove even the last valid credential of an enabled identity',
    },
    'device-code': DEVICE_CODE_OPTION,
  },
  notes: `Requires permissions in Graph (docs/graph.md#respond) and the role "Azure Event Hubs Data Sender" on the hub. Issued tokens stay valid, mostly for
an hour, whatever is disabled or removed. Exit code 1: something was refused or failed, or was not recorded.`,
  examples: [
    ["respond confirm-compromised build-pipeline --reason 'Secret on a public page' --device-code", 'one'],
    [
      "respond remove-credential 6d2b90e4-a13c-4f78-95d0-7ec48b1fa236 build-pipeline --reason 'Leaked' --dry-run",
      'what would be removed, and from where',
    ],
  ],
  async run({ values, operands }, context) {
    const { action, asked } = requestOf(operands, values.force)
    const reason = reasonOf(values.reason)
    const { 'dry-run': isDryRun, json, yes } = values
    if (!yes && !isDryRun && context.confirm === undefined)
      throw new UsageError('Expected --yes: there is no terminal to confirm on.')
    const responder = createResponder({ ...(await signInFor(values, context)), time: context.time }, action)
    const progress = progressOn(context.stderr)
    const signal = context.interruption()

    const plans = await responder.plan(
      asked,
      (done) => progress.show(soFar(done, asked.length, 'identities')),
      signal,
    )
    progress.done()
    if (signal.aborted) {
      context.stderr.write(NOTHING_CHANGED)
      return EXIT.interrupted
    }
    const lost = plans.find(isUnauthorized)
    if (lost?.status === 'refused') {
      context.stderr.write(`${refusalText(lost.refusal)}\n`)
      return EXIT.couldNotRun
    }
    const planned = plans.filter((plan) => plan.status === 'planned')
    const text = plansText(plans, action.name, isRiskAction(action.name))
    if (!json) context.stdout.write(text)

    if (!isDryRun && !yes && planned.length > 0) {
      if (json) context.stderr.write(text)
      const count = planned.length === 1 ? '1 identity' : `${planned.length} identities`
      if (!(await context.confirm?.(`${count}: ${VERB[action.name]}? [y/N] `))) {
        context.stderr.write(NOTHING_CHANGED)
        return EXIT.interrupted
      }
    }
    const outcomes = new Map<Plan, Outcome>()
    const onOutcome = (outcome: Outcome): void => {
      outcomes.set(outcome.plan, outcome)
      progress.show(soFar(outcomes.size, planned.length, 'identities'))
    }
    const unrecorded =
      isDryRun || planned.length === 0 ? [] : await responder.perform(planned, reason, onOutcome, signal)
    progress.done()
    const responses = plans.map(
      (plan): IdentityResponse =>
        isDryRun && plan.status === 'planned' ? { result: 'planned', plan } : responseOf(plan, outcomes),
    )
    if (json)
      context.stdout.write(
        `${JSON.stringify({ action: action.name, dryRun: isDryRun, identities: responses.map(responseJson), recorded: unrecorded.length === 0 })}\n`,
      )
    else if (outcomes.size > 0) context.stdout.write(`\n${responsesText(responses)}`)
    if (unrecorded.length > 0)
      context.stderr.write(
        `The event hub did not take the record of the last change, so nothing was done after it. Keep it, and send it with \`risk-export send\`:\n${JSON.stringify({ records: unrecorded })}\n`,
      )
    if (signal.aborted) return EXIT.interrupted
    const isWhole = responses.every(
      (response) => refusalOf(response) === undefined && response.result !== 'notTried',
    )
    return isWhole && unrecorded.length === 0 ? EXIT.done : EXIT.problem
  },
})
