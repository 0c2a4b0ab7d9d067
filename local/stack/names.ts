/** The embedded stack's names for what the infrastructure names in Azure. */
export const HUB = 'entra-risk'
export const PARTITIONS = 4
export const CONSUMER_GROUP = '$Default'
export const TENANT_ID = '7d3c9a52-6a0e-4c55-9d3f-0a1b2c3d4e5f'
export const RULE_ID = `dcr-${'0123456789abcdef'.repeat(2)}`
/** Containers of the archive account. */
export const CONTAINERS = ['archive', 'receipts', 'deadletters'] as const
/** Tables of the host account. */
export const TABLES = ['outbox', 'settled'] as const
