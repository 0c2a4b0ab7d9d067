import { describe } from 'vitest'
import type { Encoded } from '../../shared/delivery/sink.ts'
import { answerContract } from './answer-contract.ts'
import { checkContract } from './check-contract.ts'
import { encodingContract } from './encoding-contract.ts'
import { networkContract } from './network-contract.ts'
import { sinkFixture } from './sink-fixture.ts'
import type { SinkTraits, StartSink } from './sink-subject.ts'
import { speechContract } from './speech-contract.ts'
import { transportContract } from './transport-contract.ts'

/**
 * What a sink that speaks HTTP promises beyond `promises.ts`, tried against a real HTTPS server that
 * answers by script.
 */
export function describeSinkContract<E extends Encoded>(
  name: string,
  start: StartSink<E>,
  traits: SinkTraits,
): void {
  describe(`${name} keeps the sink contract`, () => {
    const fixture = sinkFixture(start, traits)
    const groups = {
      'when the receiver answers': answerContract,
      'when something else answers': speechContract,
      'when the network fails': networkContract,
      'when it encodes': encodingContract,
      'when it is checked': checkContract,
      ...(traits.connectsLike === undefined ? { 'when it connects': transportContract } : {}),
    }
    describe.each(Object.entries(groups))('%s', (_, contract) => {
      contract(fixture)
    })
  })
}
