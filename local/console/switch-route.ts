import type { ServerResponse } from 'node:http'
import { BEHAVIOURS, type Behaviour } from '../stack/behaviour.ts'
import { answerJson } from './answer.ts'

/** Has a sink's receiver behave so from now on; `false`: there is no such receiver. */
export type SetBehaviour = (sink: string, behaviour: Behaviour) => boolean

const PATH = /^\/sinks\/([^/]+)\/([^/]+)$/

/** `POST /sinks/<sink>/<behaviour>`. Answers 200 with how the receiver behaves now, or 404. */
export function switchRoute(path: string, response: ServerResponse, setBehaviour: SetBehaviour): void {
  const [, sink = '', asked = ''] = PATH.exec(path) ?? []
  const behaviour = BEHAVIOURS.find((known) => known === asked)
  if (behaviour === undefined)
    answerJson(response, 404, { problem: `POST /sinks/<sink>/<one of ${BEHAVIOURS.join(', ')}>.` })
  else if (setBehaviour(sink, behaviour)) answerJson(response, 200, { sink, behaviour })
  else answerJson(response, 404, { problem: 'This stack has no receiver of that sink.' })
}
