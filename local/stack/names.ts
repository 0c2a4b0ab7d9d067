/** The embedded stack's names for what the infrastructure names in Azure. */
export const HUB = 'entra-risk'
export const PARTITIONS = 4
export const CONSUMER_GROUP = '$Default'
export const TENANT_ID = '6b0f7e52-3c1d-4a8e-9f27-d15c0a9b4e63'
export const RULE_ID = `dcr-${'0123456789abcdef'.repeat(2)}`
/** Containers of the archive account. */
export const CONTAINERS = ['archive', 'receipts', 'deadletters', 'evidence', 'evidence-fixed'] as const
/** Tables of the host account. */
export const TABLES = ['outbox', 'settled', 'contexts'] as const
/** Queues of the host account. */
export const QUEUES = ['outbox-wake-up', 'outbox-wake-up-poison', 'identity-context'] as const
