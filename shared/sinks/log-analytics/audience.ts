/** Azure Monitor of each cloud, told by the endpoint's domain: tokens are made out to it. */
export function monitorAudience(endpoint: string): string {
  const { hostname } = new URL(endpoint)
  if (hostname.endsWith('.azure.us')) return 'https://monitor.azure.us'
  if (hostname.endsWith('.azure.cn')) return 'https://monitor.azure.cn'
  return 'https://monitor.azure.com'
}
