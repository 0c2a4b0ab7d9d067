import { AggregateAuthenticationError, CredentialUnavailableError } from '@azure/identity'
import { expect, it } from 'vitest'
import { systemTime } from '../../../shared/composition/system-time.ts'
import { DurabilityError } from '../../../shared/domain/durability-error.ts'
import { causesOf } from '../../../shared/operations/doctor/causes.ts'
import { diagnose } from '../../../shared/operations/doctor/diagnose.ts'
import { identityProbe } from '../../../shared/operations/doctor/identity-probe.ts'
import { sinkProbes } from '../../../shared/operations/doctor/sink-probes.ts'
import { logAnalyticsSink } from '../../../shared/sinks/log-analytics/sink.ts'
import { scriptedSink } from '../../support/scripted-sink.ts'

it.each(['az: not found', 'ManagedIdentityCredential: Network unreachable'])(
  'without a sign-in (%s) there is one failure, also of sinks and of what is pending for them',
  async (text) => {
    const error = new AggregateAuthenticationError([new CredentialUnavailableError(text)], text)
    const credential = { getToken: () => Promise.reject(error) }
    const logs = logAnalyticsSink({
      endpoint: 'https://ingestion.invalid',
      ruleId: `dcr-${'0'.repeat(32)}`,
      credential,
      nowMs: () => systemTime.now(),
    })
    const outbox = {
      pendingPartitions: () => Promise.reject(new DurabilityError('reading the outbox', error)),
      rows: async () => [],
    }
    const probes = [
      identityProbe(async () => credential, false),
      ...sinkProbes([logs, scriptedSink({ name: 'webhook' })], async () => outbox),
    ]
    const causes = causesOf(await diagnose(probes, systemTime))
    expect(causes.map(({ level, names }) => [level, names])).toEqual([
      ['fail', ['token']],
      ['skip', ['sinks: log-analytics', 'sinks: webhook']],
    ])
  },
)
