import { describe } from 'vitest'
import type { Encoded } from '../../shared/delivery/sink.ts'
import { answerContract } from './answer-contract.ts'
import { checkContract } from './check-contract.ts'
import { encodingContract } from './encoding-contract.ts'
import { networkContract } from './network-contract.ts'
import { refusalContract } from './refusal-contract.ts'
import { sinkFixture } from './sink-fixture.ts'
import type { SinkTraits, StartSink } from './sink-subject.ts'
import { speechContract } from './speech-contract.ts'

/**
 * The promises of `shared/delivery/sink.ts`, tried on one sink against a real HTTPS server that
 * answers by script.
 */
export function describeSinkContract<E extends Encoded>(
  name: string,
  start: StartSink<E>,
  traits: SinkTraits,
): void {
  describe(`${name} keeps the sink contract`, () => {
    const fixture = sinkFixture(start, traits)
    describe('when the receiver answers', () => {
      answerContract(fixture)
    })
    describe('when the receiver refuses', () => {
      refusalContract(fixture)
    })
    describe('when something else answers', () => {
      speechContract(fixture)
    })
    describe('when the network fails', () => {
      networkContract(fixture)
    })
    describe('when it encodes', () => {
      encodingContract(fixture)
    })
    describe('when it is checked', () => {
      checkContract(fixture)
    })
  })
}
