/** Token audience: Azure Monitor of the cloud that the endpoint's domain belongs to. */
export function monitorAudience(endpoint: string): string {
  const { hostname } = new URL(endpoint)
  if (hostname.endsWith('.azure.us')) return 'https://monitor.azure.us'
  if (hostname.endsWith('.azure.cn')) return 'https://monitor.azure.cn'
  return 'https://monitor.azure.com'
}
