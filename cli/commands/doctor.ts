import { type Cause, causesOf } from '../../shared/operations/doctor/causes.ts'
import { appEnvironment } from '../app-environment.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { wholeNumber } from '../read-options.ts'
import { doctorText, findingCounts } from '../render/doctor-text.ts'
import { paintFor } from '../text/paint.ts'
import { progressOn } from '../text/progress.ts'

const WAIT_SECONDS = '60'

export const doctor = command({
  name: 'doctor',
  summary: 'Check settings, identity, roles, hub, storage and sinks, and show what to fix',
  about: `Checks access without changing anything: nothing is sent and nothing is written, except with --deliver.
Roles are checked for the signed-in account. Rights that only the app needs are warnings when an operator lacks them.`,
  options: {
    deliver: {
      type: 'boolean',
      default: false,
      help: 'send one test event through hub, app and archive, and wait for every sink that is on',
    },
    wait: {
      type: 'string',
      value: 'SECONDS',
      default: WAIT_SECONDS,
      help: `with --deliver: maximum time to wait (default ${WAIT_SECONDS})`,
    },
  },
  notes: `A test event has the category RiskExport.Heartbeat, the origin "operator" and "test":true. It counts neither as a risk nor as a heartbeat.
Exit code 1: at least one check failed; warnings do not count.`,
  examples: [
    ['doctor --settings settings.json', 'before and after a deployment'],
    ['doctor --deliver --wait 120', 'with a test event, for an app that has to start first'],
  ],
  async run({ values }, context) {
    const timeoutMs = wholeNumber(values.wait, 'wait', 1, 600) * 1000
    const { env, credential, caPem } = await appEnvironment(values, context)
    const { runDoctor } = await import('../../shared/composition/create-doctor.ts')
    const progress = progressOn(context.stderr)
    progress.show(
      values.deliver ? `checking, then waiting up to ${values.wait} s for a test event` : 'checking',
    )
    const findings = await runDoctor({
      env,
      credential,
      caPem,
      time: context.time,
      ...(values.deliver ? { deliver: { newId: context.newId, timeoutMs } } : {}),
    })
    progress.done()
    const causes: readonly Cause[] = causesOf(findings)
    const isFailing = causes.some(({ level }) => level === 'fail')
    const { isTerminal, write } = context.stdout
    write(
      values.json
        ? `${JSON.stringify({ healthy: !isFailing, ...findingCounts(causes), checks: causes })}\n`
        : doctorText(causes, paintFor(isTerminal, context.env.NO_COLOR)),
    )
    return isFailing ? EXIT.problem : EXIT.done
  },
})
