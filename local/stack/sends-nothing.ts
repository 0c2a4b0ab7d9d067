/** Settings of an app that does nothing of its own accord: checks count only what they have sent. */
export const SENDS_NOTHING = {
  HEARTBEAT_SCHEDULE: '0 0 0 29 2 *',
  GRAPH_CONTEXT: 'false',
  EVIDENCE_SEAL: 'false',
} as const
