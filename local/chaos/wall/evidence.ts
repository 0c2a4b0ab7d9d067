import { parseDeadLetters } from '../../../shared/delivery/parse-dead-letter.ts'
import { canonicalJson } from '../../../shared/domain/canonical-json.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { archiveLines, blobNames } from '../../harness/collect.ts'
import { groupBy } from '../../harness/group-by.ts'
import { landedAt } from '../../harness/landed.ts'
import type { Stores } from '../../harness/stores.ts'
import { HUB } from '../../stack/names.ts'
import type { Stack } from '../../stack/stack.ts'
import { judgeRun, type RunVerdict } from '../model/conservation.ts'

/** Looks at everything from outside and judges. Nothing that is sent is refused for its own sake by any of the two receivers. */
export async function judgeWall(stack: Stack, stores: Stores): Promise<RunVerdict> {
  const lines = await archiveLines(stores.archive, await blobNames(stores.archive))
  const sinks = await landedAt(stack.directory)
  const verdict = judgeRun({
    sent: [...stack.hub.messages(HUB)].map(({ body, enqueuedAtMs, ...position }) => ({
      body,
      position: { ...position, namespace: 'localhost', hub: HUB, enqueuedAt: instant(enqueuedAtMs) },
    })),
    lines,
    letters: await letters(stores),
    sinks: sinks.map(({ name, landed }) => ({
      name,
      landed: landed.map((event) => event.eventId),
      refuses: () => false,
    })),
  })
  const events = groupBy(
    lines.filter((line) => line.kind === 'event'),
    (line): string => line.archived.event.eventId,
  )
  const garbled = sinks.flatMap(({ name, landed, expected }) =>
    landed
      .filter(({ eventId, content }) => {
        const sent = events.get(eventId) ?? []
        return (
          sent.length > 0 && !sent.some((line) => canonicalJson(expected(line)) === canonicalJson(content))
        )
      })
      .map(({ eventId }) => `event ${eventId.slice(0, 12)} at ${name} is not what the archive says`),
  )
  return { ...verdict, problems: [...verdict.problems, ...garbled] }
}

async function letters({ deadLetters }: Stores) {
  const texts: string[] = []
  for (const name of await blobNames(deadLetters)) {
    if (name.endsWith('.jsonl'))
      texts.push((await deadLetters.getBlockBlobClient(name).downloadToBuffer()).toString())
  }
  return texts.flatMap(parseDeadLetters)
}
