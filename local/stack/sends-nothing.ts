/** Settings of an app that sends nothing itself: checks count only what they have sent. */
export const SENDS_NOTHING = { HEARTBEAT_SCHEDULE: '0 0 0 29 2 *', GRAPH_CONTEXT: 'false' } as const
