import rhea from 'rhea'
import type { Hub } from './hub.ts'
import { type NodeAnswer, refused } from './node-answer.ts'
import type { NodeRequest } from './parse-request.ts'
import { entityNotFound, partitionNotFound } from './refusal.ts'

const { types } = rhea
const stringTypeCode = 0xa1

/**
 * Answers a `READ` of a hub or a partition. Source: requests and fields of the official clients.
 */
export function answerRead(request: NodeRequest, hub: Hub | undefined, nowMs: number): NodeAnswer {
  if (request.operation !== 'READ') {
    return refused(
      400,
      'amqp:not-implemented',
      `The operation '${request.operation}' is not one of $management.`,
    )
  }
  if (hub === undefined) {
    const { condition, description } = entityNotFound(request.name)
    return refused(404, condition, description)
  }
  switch (request.type) {
    case 'com.microsoft:eventhub':
      return { status: 200, description: 'OK', body: hubProperties(hub) }
    case 'com.microsoft:partition': {
      const body = partitionProperties(hub, request.partition, nowMs)
      if (body !== undefined) return { status: 200, description: 'OK', body }
      return refused(400, partitionNotFound.condition, partitionNotFound.description)
    }
    default:
      return refused(400, 'amqp:not-implemented', `The type '${request.type}' cannot be read.`)
  }
}

function hubProperties(hub: Hub): NonNullable<NodeAnswer['body']> {
  const partitions = hub.logs.map((log) => log.partition)
  return {
    name: hub.name,
    type: 'com.microsoft:eventhub',
    created_at: types.wrap_timestamp(hub.createdAtMs),
    partition_count: types.wrap_int(partitions.length),
    partition_ids: types.wrap_array(partitions, stringTypeCode, undefined),
    georeplication_factor: types.wrap_int(1),
  }
}

function partitionProperties(hub: Hub, partition: string, nowMs: number): NodeAnswer['body'] {
  const state = hub.log(partition)?.state()
  if (state === undefined) return undefined
  return {
    name: hub.name,
    type: 'com.microsoft:partition',
    partition,
    begin_sequence_number: types.wrap_long(state.firstSequenceNumber),
    last_enqueued_sequence_number: types.wrap_long(state.lastSequenceNumber),
    last_enqueued_offset: state.lastOffset,
    last_enqueued_time_utc: types.wrap_timestamp(state.lastEnqueuedAtMs),
    runtime_info_retrieval_time_utc: types.wrap_timestamp(nowMs),
    is_partition_empty: state.isEmpty,
  }
}
